"""OpenMetrics, read by client_python's strict parser: exemplars, creation times."""

import time

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse

ACCEPT = "application/openmetrics-text;version=1.0.0"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
PATH = "/api/v1/health"


def page(server):
    """{family's name: family} of a scrape."""
    with server.client() as client:
        answer = client.get("/metrics", headers={"accept": ACCEPT})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    return {family.name: family for family in parse(answer.text)}


def exemplars(families, name, **labels):
    """Those of the samples that have these labels among others."""
    return [s.exemplar for s in families[name].samples if s.exemplar and labels.items() <= s.labels.items()]


@pytest.fixture(scope="module")
def traced(cluster, run_folder):
    """A server that has answered what these tests look for."""
    from support.server import Server

    server = Server(run_folder / "traced", cluster.create(), METRICS_CREATED="true").start()
    yield server
    server.stop()


class TestExemplars:
    @pytest.mark.parametrize(
        ("headers", "expected"),
        [({"x-request-id": "only-an-id"}, {"request_id": "only-an-id"}),
         ({"x-request-id": "traced-too", "traceparent": PARENT}, {"request_id": "traced-too", "trace_id": TRACE}),
         ({"x-request-id": "bad-trace", "traceparent": "00-nonsense-01"}, {"request_id": "bad-trace"})],
        ids=["request id", "trace", "bad trace"],
    )  # fmt: skip
    def test_name_the_request_that_came_last(self, traced, headers, expected):
        before = time.time()
        with traced.client() as client:
            assert client.get(PATH, headers=headers).status_code == 200
        families = page(traced)
        for found in (exemplars(families, "http_request_duration_seconds", handler=PATH, method="GET"),
                      exemplars(families, "http_request_duration_highr_seconds")):  # fmt: skip
            mine = [e for e in found if e.labels == expected]
            assert len(mine) == 1
            assert 0 < mine[0].value < 60
            assert before - 1 <= float(mine[0].timestamp) <= time.time() + 1

    def test_lie_in_the_bucket_that_they_were_counted_in(self, traced):
        with traced.client() as client:
            for _ in range(20):
                client.get(PATH)
        for name in ("http_request_duration_seconds", "http_request_duration_highr_seconds"):
            lower = {}
            for sample in page(traced)[name].samples:
                if not sample.name.endswith("_bucket"):
                    continue
                labels = {k: v for k, v in sample.labels.items() if k != "le"}
                key = frozenset(labels.items())
                if sample.exemplar:
                    assert lower.get(key, -1) < sample.exemplar.value <= float(sample.labels["le"])
                lower[key] = float(sample.labels["le"])

    def test_of_errors_name_the_request_that_failed(self, traced):
        with traced.client() as client:
            assert client.get("/api/v1/users/me", headers={"x-request-id": "no-token"}).status_code == 401
        (found,) = exemplars(page(traced), "api_errors", endpoint="/api/v1/users/me", status_code="401")
        assert (found.labels, found.value) == ({"request_id": "no-token"}, 1)

    @pytest.mark.parametrize("sent", ['quo"te\\back', "x" * 400, "naïve ✓".encode()])
    def test_stay_well_formed_whatever_a_client_calls_its_request(self, traced, sent):
        with traced.client() as client:
            assert client.get(PATH, headers={"x-request-id": sent, "traceparent": PARENT}).status_code == 200
        for found in exemplars(page(traced), "http_request_duration_seconds"):
            assert sum(len(k) + len(v) for k, v in found.labels.items()) <= 128

    def test_are_not_in_the_text_format(self, traced):
        assert " # {" not in traced.metrics().text


class TestCreated:
    def test_each_counting_series_says_when_it_began(self, traced):
        start = traced.metrics()("process_start_time_seconds")
        for family in page(traced).values():
            created = {frozenset(s.labels.items()): s.value for s in family.samples if s.name.endswith("_created")}
            if family.type not in ("counter", "histogram", "summary"):
                assert created == {}
                continue
            if family.name.startswith("process_"):
                continue
            series = {frozenset((k, v) for k, v in s.labels.items() if k not in ("le",))
                      for s in family.samples if not s.name.endswith("_created")}  # fmt: skip
            assert set(created) == series, family.name
            assert all(abs(value - start) < 10 for value in created.values())

    def test_it_begins_again_with_the_program_but_not_with_a_worker(self, traced):
        def began():
            return {s.value for s in page(traced)["chores_created"].samples if s.name.endswith("_created")}

        before, workers = began(), traced.workers()
        traced.kill_worker()
        deadline = time.monotonic() + 15
        while len(traced.workers()) < 2 or traced.workers() == workers:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert began() == before
        traced.restart()
        assert min(began()) > max(before)
