"""The scrape as protobuf, with native histograms: against the texts, and against a real Prometheus."""

import gzip
import math
import re
import time

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics

from support.ground import ROOT
from support.messages import ACCEPT, TYPES, labels_of, native_buckets, read_families, samples_of
from support.people import make_chore
from support.prometheus import Prometheus
from support.samples import Samples

CONTENT_TYPE = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
OPENMETRICS = "application/openmetrics-text"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def scrape(client, accept):
    answer = client.get("/metrics", headers={"accept": accept})
    assert answer.status_code == 200
    return answer


@pytest.fixture
def told(people, client):
    """A server that has something to say."""
    parent, child = people.family()
    people.log_in(parent.username, "wrong")
    for _ in range(3):
        chore = make_chore(parent, child)
        child.post(f"/chores/{chore['id']}/complete")
        parent.post(f"/chores/{chore['id']}/approve", {})
    parent.post("/adjustments/", {"child_id": child.id, "amount": 7.25, "reason": "abc"})
    client.get("/api/v1/chores/7", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
    client.get("/metrics")  # a scrape shows in the next one
    return client


def text_samples(client):
    """As samples_of() has them."""
    samples = {}
    for (name, labels), value in Samples(scrape(client, "text/plain").text)._values.items():
        labels = dict(labels)
        if "le" in labels:
            labels["le"] = float(labels["le"])
        samples[name, frozenset(labels.items())] = value
    return samples


def test_every_value_is_that_of_the_text(told):
    """Between two texts: what stood still is the same, what rises lies between."""
    for attempt in range(5):
        before = text_samples(told)
        families = read_families(scrape(told, ACCEPT).content)
        after = text_samples(told)
        values = samples_of(families)
        assert set(values) == set(after)
        gauges = {name for name, family in families.items() if family.type == TYPES["gauge"]}
        still = {key for key in after if before.get(key) == after[key]}
        assert len(still) > len(after) * 0.9
        differ = {key: (values[key], after[key]) for key in still if values[key] != after[key]}
        # A gauge may have been elsewhere meanwhile, but not each time.
        if not differ or attempt == 4 or any(name not in gauges for name, _ in differ):
            break
    assert differ == {}
    for key in set(after) - still:
        if key[0] not in gauges:
            assert before.get(key, 0) <= values[key] <= after[key], key


def test_names_types_helps_and_units_are_those_of_the_text(told):
    text = scrape(told, "text/plain").text
    units = dict(re.findall(r"^# UNIT (\S+) (\S+)$", scrape(told, OPENMETRICS).text, re.M))
    types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M))
    helps = dict(re.findall(r"^# HELP (\S+) (.*)$", text, re.M))
    families = read_families(scrape(told, ACCEPT).content)
    assert len(families) > 50
    assert list(families) == [name for name in types if name in families]
    for name, family in families.items():
        assert family.type == TYPES[types[name]], name
        assert family.help == helps[name]
        assert family.unit == units.get(name.removesuffix("_total"), "")
        assert family.metric


def test_every_time_has_native_buckets_that_agree_with_the_others(told):
    families = read_families(scrape(told, ACCEPT).content)
    observed = 0
    for name, family in families.items():
        for metric in family.metric:
            histogram = metric.histogram
            if family.type != TYPES["histogram"] or not name.endswith("_seconds"):
                assert not histogram.HasField("schema") and not histogram.positive_span
                continue
            assert (histogram.schema, histogram.zero_threshold) == (3, 2**-20)
            native = native_buckets(histogram)
            assert sum(count for _, _, count in native) == histogram.sample_count
            assert all(count >= 0 for _, _, count in native)
            # A bound may lie within a native bucket, but not beyond it.
            for bucket in histogram.bucket:
                least = sum(count for _, to, count in native if to <= bucket.upper_bound)
                most = sum(count for above, _, count in native if above < bucket.upper_bound)
                assert least <= bucket.cumulative_count <= most, (name, bucket)
            least = sum(max(above, 0) * count for above, _, count in native)
            assert least <= histogram.sample_sum <= sum(to * count for _, to, count in native) * (1 + 1e-9)
            observed += histogram.sample_count
    assert observed > 20


def exemplars_of(family):
    for metric in family.metric:
        if metric.HasField("counter") and metric.counter.HasField("exemplar"):
            yield labels_of(metric), metric.counter.exemplar
        for bucket in metric.histogram.bucket:
            if bucket.HasField("exemplar"):
                yield labels_of(metric) | {("le", bucket.upper_bound)}, bucket.exemplar


def test_exemplars_are_those_of_openmetrics(told):
    wanted = {}
    for family in parse_openmetrics(scrape(told, OPENMETRICS).text):
        for sample in family.samples:
            if sample.exemplar:
                labels = {**sample.labels, **({"le": float(sample.labels["le"])} if "le" in sample.labels else {})}
                wanted[sample.name.removesuffix("_bucket"), frozenset(labels.items())] = (
                    sample.exemplar.labels, sample.exemplar.value, float(sample.exemplar.timestamp))  # fmt: skip
    found = {}
    for name, family in read_families(scrape(told, ACCEPT).content).items():
        for labels, exemplar in exemplars_of(family):
            at = exemplar.timestamp.seconds + exemplar.timestamp.nanos / 1e9
            found[name, labels] = (dict(labels_of(exemplar)), exemplar.value, at)
    assert set(found) == set(wanted) and len(found) > 5
    for key, (labels, value, at) in wanted.items():
        assert found[key][:2] == (labels, value)
        assert math.isclose(found[key][2], at, abs_tol=1e-6)
    assert any(labels.get("trace_id") == TRACE for labels, _, _ in found.values())


def created_of(metric):
    for kind in ("counter", "summary", "histogram"):
        if metric.HasField(kind):
            return getattr(metric, kind)
    return None


def test_creation_times_are_shown_on_demand(client, start_server):
    for family in read_families(scrape(client, ACCEPT).content).values():
        for metric in family.metric:
            assert created_of(metric) is None or not created_of(metric).HasField("created_timestamp")
    before = time.time()
    with start_server(METRICS_CREATED="true").client() as its_client:
        families = read_families(scrape(its_client, ACCEPT).content)
    times = [created_of(m).created_timestamp for f in families.values() for m in f.metric if created_of(m) is not None]
    assert len(times) > 50
    assert len({(t.seconds, t.nanos) for t in times}) == 1
    assert before - 1 <= times[0].seconds + times[0].nanos / 1e9 <= time.time()


def test_head_gzip_and_vary_are_as_in_the_other_formats(client):
    head = client.head("/metrics", headers={"accept": ACCEPT})
    assert (head.status_code, head.headers["content-type"], head.content) == (200, CONTENT_TYPE, b"")
    for encoding in ("gzip", "identity"):
        with client.stream("GET", "/metrics", headers={"accept": ACCEPT, "accept-encoding": encoding}) as answer:
            raw = b"".join(answer.iter_raw())
        assert answer.headers["content-type"] == CONTENT_TYPE
        assert "Accept, Accept-Encoding" in ", ".join(answer.headers.get_list("vary"))
        assert answer.headers.get("content-encoding") == ("gzip" if encoding == "gzip" else None)
        assert len(raw) == int(answer.headers["content-length"])
        assert len(read_families(gzip.decompress(raw) if encoding == "gzip" else raw)) > 50


@pytest.fixture(scope="module")
def prometheus(server, run_folder):
    prometheus = Prometheus(server, run_folder / "prometheus-native", ["native-histograms", "exemplar-storage"])
    prometheus.await_value("up", 1)
    yield prometheus
    prometheus.stop()


HANDLER = "/api/v1/chores/{chore_id}/complete"
SERIES = f'http_request_duration_seconds{{handler="{HANDLER}",method="POST"}}'


def test_a_real_prometheus_answers_from_native_histograms(told, server, prometheus):
    families = read_families(scrape(told, ACCEPT).content)
    wanted = {("handler", HANDLER), ("method", "POST")}
    (histogram,) = [m.histogram for m in families["http_request_duration_seconds"].metric if labels_of(m) == wanted]
    assert histogram.sample_count >= 3
    prometheus.await_value(f"histogram_count({SERIES})", histogram.sample_count)
    assert prometheus.value(f"histogram_sum({SERIES})") == pytest.approx(histogram.sample_sum, rel=1e-12)
    for quantile in (0.1, 0.5, 0.9, 1.0):
        rank, below = quantile * histogram.sample_count, 0
        for above, to, count in native_buckets(histogram):
            below += count
            if below >= rank:
                break
        value = prometheus.value(f"histogram_quantile({quantile}, {SERIES})")
        assert above * (1 - 1e-9) <= value <= to * (1 + 1e-9), quantile
    # All other kinds arrive the same way.
    metrics = server.metrics()
    for name, labels in (("chores_created_total", '{mode="single"}'), ("chores_db_up", ""), ("rewards_paid_total", "")):
        prometheus.await_value(name + labels, metrics(name, **({"mode": "single"} if labels else {})))
    assert prometheus.value("http_request_size_bytes_count{handler='/api/v1/chores/{chore_id}'}") >= 1
    # What docs/monitoring.md says of a Prometheus that is not told to keep both.
    assert prometheus.query("http_request_duration_seconds_bucket") == []
    now = time.time()
    exemplars = prometheus.ask("query_exemplars", query="api_errors_total", start=now - 600, end=now)
    assert any(e["labels"].get("trace_id") == TRACE for series in exemplars for e in series["exemplars"])
    assert all(t["lastError"] == "" for t in prometheus.ask("targets")["activeTargets"])


def test_the_query_of_the_documentation_has_an_answer(told, prometheus):
    section = (ROOT / "docs" / "monitoring.md").read_text().split("## Formats")[1]
    expression = re.search(r"^```\n(histogram_quantile.*)\n```$", section, re.M)[1]
    deadline = time.monotonic() + 15
    while True:
        told.get("/api/v1/health")  # new values between the scrapes
        values = {r["metric"]["handler"]: float(r["value"][1]) for r in prometheus.query(expression)}
        if values.get("/api/v1/health", 0) > 0:
            return
        assert time.monotonic() < deadline, values
        time.sleep(0.3)
