"""A real Prometheus scrapes the server over TLS and is asked what our files ask."""

import gzip
import random
import re
import subprocess
import sys
import time

import pytest

from support.ground import CERTIFICATE, ROOT, dev
from support.people import People
from support.prometheus import RULES, Prometheus, doc_queries, panel_queries, program, rules

sys.path.append(str(ROOT / "scripts" / "lib"))
import demo  # noqa: E402

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"

# Queries that have no data as long as all is well, and what they wait for.
# `or vector(0)` would hide that from a test, so it is taken away.
NEED_FAULTS = {
    "chores_db_errors_by_class_total": "an error of PostgreSQL",
    "chores_rate_limited_requests_total": "a rate limit: switched off in tests",
}


@pytest.fixture(scope="module")
def watched(cluster, run_folder):
    """A server of two workers with the demo's traffic, and a Prometheus that watches it."""
    from support.server import Server

    server = Server(run_folder / "watched", cluster.create(), GAUGE_REFRESH_S=1).start()
    people = People(server)
    prometheus = Prometheus(server, run_folder / "prometheus")
    prometheus.await_value("up", 1)
    show_a_demo(server)
    # whatever the dice of the demo: one event of each kind, and one exemplar
    parent, child = people.family()
    headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "x-request-id": "seen-by-prometheus"}
    assert child.get("/users/me", headers=headers).status_code == 200
    people.log_in(parent.username, "wrong")
    time.sleep(1.5)  # to be scraped once more
    yield server, prometheus
    prometheus.stop()
    people.close()
    server.stop()


def show_a_demo(server):
    """scripts/lib/demo.py, one family of it."""
    dice = random.Random(1)
    api = demo.Api(server.url, CERTIFICATE)
    parent, children = demo.found_family(api, "watched", dice)
    demo.live(api, parent, children, dice)


def test_counters_arrive(watched):
    server, prometheus = watched
    metrics = server.metrics()
    for name in ("chores_created_total", "chores_completed_total", "chores_approved_total", "rewards_paid_total",
                 "user_logins_total", "user_login_failures_total", "family_joins_total"):  # fmt: skip
        prometheus.await_value(f"sum({name})", metrics.total(name))
    prometheus.await_value("pending_approvals_count", metrics("pending_approvals_count"))


def test_it_reads_openmetrics_without_complaint(watched):
    (target,) = watched[1].ask("targets")["activeTargets"]
    assert (target["health"], target["lastError"]) == ("up", "")


def test_exemplars_arrive(watched):
    found = watched[1].ask(
        "query_exemplars", query="http_request_duration_seconds_bucket", start=time.time() - 300, end=time.time()
    )
    labels = [exemplar["labels"] for series in found for exemplar in series["exemplars"]]
    assert {"trace_id": TRACE, "request_id": "seen-by-prometheus"} in labels


@pytest.mark.parametrize(("where", "expression"), [*panel_queries(), *doc_queries()], ids=lambda v: v[:60])
def test_every_query_returns_data(watched, where, expression):
    prometheus = watched[1]
    prometheus.query(expression)
    bare = expression.removesuffix(" or vector(0)")
    if any(name in bare for name in NEED_FAULTS):
        assert prometheus.query(bare) == []
    else:
        prometheus.await_numbers(bare)


@pytest.mark.parametrize("rule", rules("recording.yml"), ids=lambda r: r["record"])
def test_every_recording_rule_has_values(watched, rule):
    watched[1].await_numbers(rule["record"])


def test_every_rule_is_evaluated_without_error(watched):
    read = watched[1].rules()
    assert len(read) == len(rules("recording.yml")) + len(rules("alerts.yml"))
    assert [(r["name"], r.get("lastError")) for r in read if r["health"] != "ok"] == []


@pytest.mark.parametrize("rule", rules("alerts.yml"), ids=lambda r: r["alert"])
def test_every_alert_has_something_to_look_at(watched, rule):
    """Every series that it names is there before there is a fault."""
    names = re.findall(r"\b(?:up|[a-z]\w*:[\w:]+|[a-z]+_\w+)(?=[ {[)]|$)", re.sub(r'".*?"', '""', rule["expr"]))
    assert names
    for name in names:
        watched[1].await_numbers(name)


def test_no_alert_fires_on_a_quiet_day(watched):
    assert watched[1].firing() == {}


class TestFiles:
    def promtool(self, *arguments, given=None):
        result = subprocess.run([program("promtool"), *map(str, arguments)], input=given, capture_output=True, check=False)
        return result.returncode, (result.stdout + result.stderr).decode()

    def test_rules_and_configuration_are_sound(self):
        assert self.promtool("check", "config", RULES / "prometheus.yml")[0] == 0
        status, said = self.promtool("check", "rules", RULES / "recording.yml", RULES / "alerts.yml")
        assert status == 0, said

    def test_each_alert_fires_and_is_silent(self):
        tests = RULES / "tests" / "alerts.yml"
        status, said = self.promtool("test", "rules", tests)
        assert status == 0, said
        names = re.findall(r"name: (\S+ (?:fires|is silent))", tests.read_text())
        assert sorted(names) == sorted(f"{r['alert']} {how}" for r in rules("alerts.yml") for how in ("fires", "is silent"))

    def test_each_alert_has_a_severity(self):
        assert {r["labels"]["severity"] for r in rules("alerts.yml")} == {"critical", "warning", "info"}

    def test_each_alert_is_shown_firing_by_a_fault(self):
        """By ./dev test alerts."""
        shown = re.findall(r'"(Chores\w+)"', (ROOT / "tests" / "alerts" / "test_alerts.py").read_text())
        assert set(shown) == {r["alert"] for r in rules("alerts.yml")}

    @pytest.mark.parametrize("encoding", ["identity", "gzip"])
    def test_the_page_passes_the_linter(self, watched, encoding):
        """Of the text format: promtool knows no other."""
        with watched[0].client() as client, client.stream("GET", "/metrics", headers={"accept-encoding": encoding}) as answer:
            page = b"".join(answer.iter_raw())
        _, said = self.promtool("check", "metrics", given=gzip.decompress(page) if encoding == "gzip" else page)
        inherited = ["active_users_count", "families_active_count", "pending_approvals_count"]
        assert sorted(line.split()[0] for line in said.splitlines()) == inherited

    def test_what_the_files_name_exists(self, server):
        known = set(re.findall(r"^# TYPE (\S+)", server.metrics().text, re.M))
        recorded = {part for r in rules("recording.yml") for part in r["record"].split(":")}
        texts = [p.read_text() for p in RULES.glob("*.yml")] + [query for _, query in panel_queries()]
        pattern = r"\b((?:chores?|http|process|user|family|families|database|api|rewards?|pending|active|assignments)_[a-z0-9_]+)\b"
        named = {name for text in texts for name in re.findall(pattern, text)}
        assert {n for n in named - recorded if not {n, re.sub(r"_(bucket|count|sum)$", "", n)} & known} == set()


def test_dev_monitor_is_there():
    assert "monitor" in dev("help")
