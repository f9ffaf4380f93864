"""HTTP metrics: what is counted, under which labels, and that it adds up."""

import concurrent.futures

import pytest

from support.people import People


@pytest.fixture
def delta(server):
    """delta(name, **labels): what has been added since the fixture began."""
    before = server.metrics()

    def delta(name, **labels):
        return (server.metrics().get(name, **labels) or 0) - (before.get(name, **labels) or 0)

    return delta


CASES = [
    ("GET", "/api/v1/health", {}, "/api/v1/health", "200", None),
    ("GET", "/api/v1/docs", {}, "/api/v1/docs", "307", None),
    ("GET", "/docs", {}, "/docs", "200", None),
    ("GET", "/openapi.json", {}, "/openapi.json", "200", None),
    ("GET", "/api/v1/users/me", {}, "/api/v1/users/me", "401", "unauthorized"),
    ("GET", "/api/v1/chores/99999", {}, "/api/v1/chores/{chore_id}", "401", "unauthorized"),
    ("GET", "/api/v1/chores/available", {}, "/api/v1/chores/available", "401", "unauthorized"),
    ("DELETE", "/api/v1/chores/available", {}, "/api/v1/chores/{chore_id}", "401", "unauthorized"),
    ("GET", "/api/v1/users%2Fme", {}, "/api/v1/users/me", "401", "unauthorized"),
    ("POST", "/api/v1/users/login", {"data": {}}, "/api/v1/users/login", "422", "validation"),
    ("POST", "/api/v1/chores", {"content": "x", "headers": {"content-type": "text/plain"}}, "/api/v1/chores", "415",
     "unsupported_media_type"),
    ("POST", "/api/v1/chores", {"content": "{", "headers": {"content-type": "application/json"}}, "/api/v1/chores", "400",
     "bad_request"),
    ("DELETE", "/api/v1/health", {}, "/api/v1/health", "405", "method_not_allowed"),
    ("BREW", "/api/v1/health", {}, "/api/v1/health", "405", "method_not_allowed"),
    ("GET", "/nope", {}, "none", "404", "not_found"),
    ("GET", "/another/stranger", {}, "none", "404", "not_found"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "request_", "handler", "status", "error"), CASES)
def test_one_request_is_one_count(client, delta, method, path, request_, handler, status, error):
    answer = client.request(method, path, **request_)
    assert str(answer.status_code) == status
    label = method if method in ("GET", "POST", "DELETE") else "OTHER"
    assert delta("http_requests_total", handler=handler, method=label, status=status) == 1
    assert delta("http_request_duration_seconds_count", handler=handler, method=label) == 1
    assert delta("http_request_duration_highr_seconds_count") == 1
    assert delta("http_request_size_bytes_count", handler=handler) == 1
    assert delta("http_response_size_bytes_sum", handler=handler) == len(answer.content)
    if error:
        assert delta("api_errors_total", endpoint=handler, status_code=status, error_type=error) == 1


def test_preflights_are_counted(client, delta):
    headers = {"origin": "http://localhost:8081", "access-control-request-method": "POST"}
    client.options("/api/v1/chores", headers=headers)
    assert delta("http_requests_total", handler="/api/v1/chores", method="OPTIONS", status="200") == 1


def test_bodies_are_counted_by_their_declared_size(client, delta):
    client.post("/api/v1/users/login", content=b"x" * 1000, headers={"content-type": "application/x-www-form-urlencoded"})
    assert delta("http_request_size_bytes_sum", handler="/api/v1/users/login") == 1000


def test_probes_and_scrapes_do_not_count_themselves(client, delta):
    for path in ("/", "/health", "/metrics", "/metrics"):
        for method in ("GET", "HEAD", "POST"):
            client.request(method, path)
    assert delta("http_request_duration_highr_seconds_count") == 0


def test_strangers_cannot_grow_the_label_space(client, server):
    def series():
        return sum(1 for line in server.metrics().text.splitlines() if not line.startswith("#"))

    client.get("/x/warm-up")
    client.request("ODD", "/x")
    before = series()
    for n in range(100):
        client.request(f"M{n}", f"/x/{n}")
    assert series() == before


def test_it_adds_up_under_load_on_all_workers(start_server):
    server = start_server(WORKERS=2)
    people = People(server)
    parent, child = people.family()
    answers = {}

    def run(number):
        seen = {}
        with server.client((parent, child)[number % 2].token, plain=number % 3 == 0) as client:
            for n in range(150):
                path = ("/api/v1/users/me", "/api/v1/chores", "/api/v1/users/me/balance", "/api/v1/chores/999")[n % 4]
                key = path, client.get(path).status_code
                seen[key] = seen.get(key, 0) + 1
        return seen

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for seen in pool.map(run, range(8)):
            for key, count in seen.items():
                answers[key] = answers.get(key, 0) + count
        pages = [server.metrics() for _ in range(3)]
    pages.append(server.metrics())
    metrics = pages[-1]
    for (path, status), count in answers.items():
        handler = path.replace("999", "{chore_id}")
        assert metrics("http_requests_total", handler=handler, method="GET", status=str(status)) == count
    assert metrics("http_request_duration_highr_seconds_count") == metrics.total("http_requests_total") == 1200 + readiness(metrics)
    for page in pages:
        for labels in page.series("http_request_duration_seconds_count"):
            buckets = [
                page("http_request_duration_seconds_bucket", **s)
                for s in page.series("http_request_duration_seconds_bucket")
                if {k: v for k, v in s.items() if k != "le"} == labels
            ]
            assert max(buckets) == page("http_request_duration_seconds_count", **labels)
    assert metrics.total("http_requests_inprogress") == 0
    people.close()


def readiness(metrics):
    """What the tests' own wait for the server has asked."""
    return metrics.total("http_requests_total", handler="/api/v1/health/ready")


def test_active_users_are_distinct_and_forgotten(start_server):
    import time

    server = start_server(ACTIVE_USERS_WINDOW_S=2)
    people = People(server)
    everybody = people.family(children=3)
    for _ in range(3):
        for person in everybody:
            person.get("/users/me")
    metrics = server.metrics()
    assert metrics("active_users_count") == metrics("active_users") == 4
    time.sleep(2.5)
    assert server.metrics()("active_users_count") == 0
    people.close()
