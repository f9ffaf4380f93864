"""The scrape itself: who may, in which format, at which path."""

import gzip
import re
import time

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from support.answers import assert_refused

FORBIDDEN = "Access to metrics endpoint is forbidden"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
PROTOBUF = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
TEXT = "text/plain; version=0.0.4; charset=utf-8"
# What Prometheus 2.42 sends.
PROMETHEUS = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
# What Prometheus 3 sends for native histograms.
PROMETHEUS_NATIVE = (
    f"{PROTOBUF.replace(' ', '')};q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
    "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
    "text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
)


class TestAccess:
    def test_no_token_is_needed_from_allowed_addresses(self, client):
        assert client.get("/metrics").status_code == 200
        assert client.get("/metrics", headers={"authorization": "Bearer nonsense"}).status_code == 200

    @pytest.fixture(scope="class")
    @classmethod
    def guarded(cls, cluster, run_folder):
        from support.server import Server

        server = Server(
            run_folder / "guarded", cluster.create(), METRICS_ALLOWED_IPS="192.0.2.0/24, nonsense",
            METRICS_AUTH_TOKEN="sesame", TRUSTED_PROXIES="127.0.0.1",
        ).start()  # fmt: skip
        yield server
        server.stop()

    @pytest.mark.parametrize(
        ("header", "allowed"),
        [("Bearer sesame", True), ("bearer sesame", False), ("Bearer  sesame", False), ("Bearer sesam", False),
         ("Bearer sesame2", False), ("sesame", False), (b"Bearer \xe9", False), ("", False)],
    )  # fmt: skip
    def test_a_token_opens_it_to_the_letter(self, guarded, header, allowed):
        with guarded.client() as client:
            answer = client.get("/metrics", headers={"authorization": header})
        assert answer.status_code == (200 if allowed else 403)
        if not allowed:
            assert_refused(answer, 403, FORBIDDEN)

    @pytest.mark.parametrize(
        ("client", "allowed"),
        [("192.0.2.7", True), ("::ffff:192.0.2.7", True), ("192.0.3.1", False), ("1.2.3.4, 192.0.2.9", True),
         ("192.0.2.9, 1.2.3.4", False)],
    )  # fmt: skip
    def test_addresses_are_those_behind_trusted_proxies(self, guarded, client, allowed):
        with guarded.client() as http:
            answer = http.get("/metrics", headers={"x-forwarded-for": client})
        assert answer.status_code == (200 if allowed else 403)

    def test_the_last_line_counts_that_a_proxy_writes(self, guarded):
        lines = [("x-forwarded-for", "192.0.2.7"), ("x-forwarded-for", "192.0.3.1")]
        with guarded.client() as http:
            assert http.get("/metrics", headers=lines).status_code == 403
            assert http.get("/metrics", headers=lines[::-1]).status_code == 200

    def test_forwarded_addresses_of_others_are_not_believed(self, client):
        assert client.get("/metrics", headers={"x-forwarded-for": "8.8.8.8"}).status_code == 200

    def test_other_methods(self, client):
        answer = client.post("/metrics")
        assert_refused(answer, 405, "Method Not Allowed")
        assert answer.headers["allow"] == "GET, HEAD"
        head = client.head("/metrics")
        assert (head.status_code, head.content) == (200, b"")
        assert_refused(client.get("/metrics/"), 404, "Not Found")


class TestFormats:
    @pytest.mark.parametrize(
        ("accept", "expected"),
        [(None, TEXT), ("*/*", TEXT), ("text/plain", TEXT), (PROMETHEUS, OPENMETRICS),
         (PROMETHEUS_NATIVE, PROTOBUF), ("application/vnd.google.protobuf", TEXT), (f"{PROTOBUF};q=0.1,*/*", TEXT),
         ("application/openmetrics-text", OPENMETRICS), ("application/openmetrics-text;version=9", TEXT),
         ("application/openmetrics-text;q=0.1,text/plain;q=0.5", TEXT), ("image/png", TEXT), ("garbage;;;,,q=", TEXT)],
    )  # fmt: skip
    def test_negotiation(self, client, accept, expected):
        client.headers.pop("accept", None)
        answer = client.get("/metrics", headers={} if accept is None else {"accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, expected)
        assert "Accept" in answer.headers.get_list("vary")[0] + answer.headers.get_list("vary")[-1]

    def test_text_is_parsed(self, client):
        families = list(parse_text(client.get("/metrics").text))
        assert len(families) > 50
        assert all(f.documentation for f in families)

    def test_openmetrics_is_parsed_by_the_strict_parser(self, client):
        text = client.get("/metrics", headers={"accept": PROMETHEUS}).text
        assert text.endswith("# EOF\n")
        families = list(parse_openmetrics(text))
        assert len(families) > 50

    def test_gzip_where_it_is_asked_for(self, server):
        import httpx

        for accept, expected in (("gzip", "gzip"), ("gzip;q=0", None), ("identity", None), ("deflate, gzip;q=0.5", "gzip")):
            with server.client(plain=True) as client:
                with client.stream("GET", "/metrics", headers={"accept-encoding": accept}) as answer:
                    raw = b"".join(answer.iter_raw())
            assert answer.headers.get("content-encoding") == expected
            assert len(raw) == int(answer.headers["content-length"])
            text = gzip.decompress(raw) if expected else raw
            assert text.startswith(b"# HELP ")
        assert httpx.__version__

    def test_every_name_is_a_good_one(self, client):
        text = client.get("/metrics").text
        names = re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M)
        inherited = {"pending_approvals_count", "active_users_count", "families_active_count"}
        for name, kind in names:
            assert re.match(r"^[a-z][a-z0-9_]*$", name)
            if kind == "counter":
                assert name.endswith("_total"), name
            elif name not in inherited:
                assert not name.endswith(("_total", "_count", "_sum", "_bucket")), name
        assert len({n for n, _ in names}) == len(names)


class TestSettings:
    def test_creation_times_are_shown_on_demand(self, client, start_server):
        openmetrics = {"accept": PROMETHEUS}
        assert not re.search(r"^\w+_created[ {]", client.get("/metrics", headers=openmetrics).text, re.M)
        before = time.time()
        server = start_server(METRICS_CREATED="true")
        with server.client() as its_client:
            text = its_client.get("/metrics", headers=openmetrics).text
            assert "chores_created_created" not in its_client.get("/metrics", headers={"accept": TEXT}).text
        families = {f.name: f for f in parse_openmetrics(text)}
        for name in ("chores_created", "chore_completion_time_seconds"):
            times = [s.value for s in families[name].samples if s.name == f"{name}_created"]
            assert times and all(before - 1 <= t <= time.time() for t in times)

    def test_it_may_be_switched_off(self, start_server):
        server = start_server(ENABLE_METRICS="false")
        with server.client() as client:
            assert_refused(client.get("/metrics"), 404, "Not Found")
            assert client.get("/api/v1/health").status_code == 200

    def test_its_path_is_a_setting(self, start_server):
        server = start_server(METRICS_ENDPOINT="/m")
        with server.client() as client:
            assert_refused(client.get("/metrics"), 404, "Not Found")
            client.get("/api/v1/health")
            text = client.get("/m").text
        assert 'http_requests_total{handler="/api/v1/health",method="GET",status="200"} 1' in text
        assert 'handler="/metrics"' not in text
        assert 'handler="/m"' not in text


def test_a_scrape_is_measured(server):
    server.metrics()
    metrics = server.metrics()
    assert metrics("chores_metrics_scrape_duration_seconds_count") >= 1
    assert metrics("chores_metrics_scrape_size_bytes") > 10000


def test_closed_series_are_there_from_the_start(start_server):
    metrics = start_server().metrics()
    for mode in ("single", "multi_independent", "unassigned"):
        for name in ("created", "completed", "approved", "rejected"):
            assert metrics(f"chores_{name}_total", mode=mode) == 0
        assert metrics("chore_completion_time_seconds_count", mode=mode) == 0
    for role in ("parent", "child"):
        assert metrics("user_logins_total", role=role) == metrics("user_registrations_total", role=role) == 0
    assert metrics("http_requests_total", handler="/api/v1/chores", method="POST", status="201") == 0
    assert metrics("rewards_paid_total") == metrics("families_created_total") == 0
    assert metrics("active_users_count") == metrics("active_users") == 0


def test_process_metrics_are_those_of_all_processes(server):
    import os
    import time

    metrics = server.metrics()
    assert abs(metrics("process_start_time_seconds") - time.time()) < 3600
    assert metrics("process_resident_memory_bytes") > 10e6
    assert metrics("process_open_fds") > 20
    assert metrics("process_max_fds") >= metrics("process_open_fds")
    ticks = 0
    for pid in [server.pid, *server.workers()]:
        fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    assert abs(metrics("process_cpu_seconds_total") - ticks / os.sysconf("SC_CLK_TCK")) < 1
