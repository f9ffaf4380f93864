"""A real Prometheus scrapes the server over TLS and is asked by its query API."""

import json
import pathlib
import re
import subprocess
import time

import pytest

from support.ground import ROOT, dev
from support.people import People, make_chore
from support.prometheus import DEPLOY, Prometheus, program

@pytest.fixture(scope="module")
def watched(cluster, run_folder):
    """A server with some traffic behind it, and a Prometheus that watches it."""
    from support.server import Server

    server = Server(run_folder / "watched", cluster.create(), GAUGE_REFRESH_S=1).start()
    people = People(server)
    prometheus = Prometheus(server, run_folder / "prometheus")
    prometheus.await_value("up", 1)
    for _ in range(3):
        tell_a_story(people)
        time.sleep(1.2)
    yield server, people, prometheus
    prometheus.stop()
    people.close()
    server.stop()


def tell_a_story(people):
    parent, child = people.family()
    people.register()
    people.log_in(parent.username)
    people.log_in(parent.username, "wrong")
    for approve in (True, False):
        chore = make_chore(parent, child)
        child.post(f"/chores/{chore['id']}/complete")
        if approve:
            parent.post(f"/chores/{chore['id']}/approve", {})
    child.post(f"/chores/{make_chore(parent)['id']}/complete")
    parent.post("/adjustments/", {"child_id": child.id, "amount": 7, "reason": "abc"})
    parent.get("/chores/99999999")
    people.parent().post("/families/create", {})
    parent.get("/reports/allowance-summary")


def test_the_counters_arrive(watched):
    server, people, prometheus = watched
    metrics = server.metrics()
    for name, labels in (("chores_created_total", {"mode": "single"}), ("chores_approved_total", {"mode": "single"}),
                         ("chores_completed_total", {"mode": "unassigned"}), ("rewards_paid_total", {}),
                         ("user_logins_total", {"role": "parent"})):  # fmt: skip
        wanted = metrics(name, **labels)
        assert wanted > 0
        selector = ",".join(f'{k}="{v}"' for k, v in labels.items())
        prometheus.await_value(f"{name}{{{selector}}}", wanted)
    prometheus.await_value("pending_approvals_count", metrics("pending_approvals_count"))


def dashboard_queries():
    for path in sorted((DEPLOY / "grafana" / "dashboards").glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel["targets"]:
                yield path.stem, panel["title"], target["expr"].replace("$job", ".*")


def doc_queries():
    text = (ROOT / "docs" / "monitoring.md").read_text()
    for block in re.findall(r"```promql\n(.*?)```", text, re.S):
        for line in block.splitlines():
            if line and not line.startswith("#"):
                yield "docs/monitoring.md", "", line


@pytest.mark.parametrize(
    ("where", "panel", "expression"), [*dashboard_queries(), *doc_queries()], ids=lambda v: v[:60] if isinstance(v, str) else v
)
def test_every_query_returns_data(watched, where, panel, expression):
    prometheus = watched[2]
    deadline = time.monotonic() + 15
    while not prometheus.query(expression):
        assert time.monotonic() < deadline, f"{where}: {panel}: no data: {expression}"
        time.sleep(0.5)


def test_recording_rules_have_values(watched):
    prometheus = watched[2]
    names = re.findall(r"record: (\S+)", (DEPLOY / "prometheus" / "recording.yml").read_text())
    for name in names:
        deadline = time.monotonic() + 15
        while not prometheus.query(name):
            assert time.monotonic() < deadline, name
            time.sleep(0.5)


def test_no_alert_fires_on_a_quiet_day(watched):
    alerts = {a["metric"]["alertname"] for a in watched[2].query('ALERTS{alertstate="firing"}')}
    assert alerts == set()


class TestFiles:
    def promtool(self, *arguments):
        result = subprocess.run([program("promtool"), *map(str, arguments)], capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def test_rules_and_configuration_are_sound(self):
        folder = DEPLOY / "prometheus"
        self.promtool("check", "config", "--syntax-only", folder / "prometheus.yml")
        self.promtool("check", "rules", folder / "recording.yml", folder / "alerts.yml")

    def test_each_alert_fires_and_is_silent(self):
        folder = DEPLOY / "prometheus"
        self.promtool("test", "rules", folder / "tests" / "alerts.yml")
        alerts = set(re.findall(r"alert: (\S+)", (folder / "alerts.yml").read_text()))
        tests = set(re.findall(r"name: (\S+ (?:fires|is silent))", (folder / "tests" / "alerts.yml").read_text()))
        assert tests == {f"{a} {how}" for a in alerts for how in ("fires", "is silent")}
        sections = set(re.findall(r"^### (\w+)$", (ROOT / "docs" / "monitoring.md").read_text(), re.M))
        assert alerts <= sections

    def test_the_page_passes_the_linter(self, server):
        text = server.metrics().text
        result = subprocess.run([program("promtool"), "check", "metrics"], input=text, capture_output=True, text=True, check=False)
        findings = [line for line in result.stderr.splitlines() if line]
        inherited = ("pending_approvals_count", "active_users_count", "families_active_count")
        assert [f for f in findings if not f.startswith(inherited)] == []

    def test_what_the_files_name_exists(self, server):
        known = set(re.findall(r"^# TYPE (\S+)", server.metrics().text, re.M))
        recorded = set(re.findall(r"record: (\S+)", (DEPLOY / "prometheus" / "recording.yml").read_text()))
        texts = [p.read_text() for p in (DEPLOY / "prometheus").glob("*.yml")]
        texts += [e for _, _, e in dashboard_queries()]
        for text in texts:
            for name in re.findall(r"\b((?:chores?|http|process|user|family|families|database|api|rewards?|pending|active|assignments)_[a-z0-9_]+)\b", text):
                base = re.sub(r"_(bucket|count|sum)$", "", name)
                assert {name, base} & known or any(name in r for r in recorded) or name in ("families_active",), name


def test_dev_monitor_is_there():
    assert "monitor" in dev("help")
    assert pathlib.Path(ROOT / "scripts" / "monitor").exists()
