"""A real Prometheus that watches a server, and what our files ask of it."""

import contextlib
import json
import math
import re
import shutil
import subprocess
import time

import httpx
import yaml

from support.ground import CERTIFICATE, ROOT, STATE, free_port

DEPLOY = ROOT / "deploy"
RULES = DEPLOY / "prometheus"
DOCS = ROOT / "docs" / "monitoring.md"

# What Grafana would put in the places of a dashboard's variables.
VARIABLES = {"$job": ".*", "$__rate_interval": "1m"}


def program(name):
    """The path of prometheus or promtool."""
    return shutil.which(name) or str(STATE / "prometheus-package" / "usr" / "bin" / name)


def rules(name):
    """The rules of a file of deploy/prometheus, as it stands."""
    groups = yaml.safe_load((RULES / name).read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboards():
    """{file's name: dashboard}"""
    files = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
    return {path.stem: json.loads(path.read_text()) for path in files}


def panel_queries():
    """(dashboard and panel, query) of all of them, variables replaced."""
    for name, dashboard in dashboards().items():
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                query = target["expr"]
                for variable, value in VARIABLES.items():
                    query = query.replace(variable, value)
                yield f"{name}: {panel['title']}", query


def doc_queries():
    """(where, query) of all examples in docs/monitoring.md."""
    for block in re.findall(r"```promql\n(.*?)```", DOCS.read_text(), re.S):
        for line in block.splitlines():
            if line and not line.startswith("#"):
                yield DOCS.name, line


class Prometheus:
    """It scrapes over TLS every second, with our rules unless others are given.

    features      those of its own that are not on by default
    rules         {file's name: text}
    certificates  what it trusts
    """

    def __init__(self, server, folder, features=("exemplar-storage",), rules=None, certificates=CERTIFICATE):
        self.url = f"http://127.0.0.1:{free_port()}"
        folder.mkdir()
        rules = rules or {name: (RULES / name).read_text() for name in ("recording.yml", "alerts.yml")}
        for name, text in rules.items():
            (folder / name).write_text(text)
        (folder / "prometheus.yml").write_text(json.dumps(_configuration(server, list(rules), certificates)))
        self._log = open(folder / "log", "w")
        self._process = subprocess.Popen(
            [program("prometheus"), f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address={self.url.removeprefix('http://')}", "--log.level=warn",
             *[f"--enable-feature={feature}" for feature in features]],
            stdout=self._log, stderr=self._log)  # fmt: skip
        try:
            self._await_ready()
        except BaseException:
            self.stop()
            raise

    def _await_ready(self, seconds=30):
        """It listens before it answers."""
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/-/ready", trust_env=False).status_code == 200:
                    return
            assert time.monotonic() < deadline, "prometheus is not ready"
            time.sleep(0.1)

    def stop(self):
        """Nothing that it has stored is of use: it need not end in order."""
        self._process.kill()
        self._process.wait()
        self._log.close()

    def ask(self, path, **parameters):
        """The data of an answer of its API."""
        answer = httpx.get(f"{self.url}/api/v1/{path}", params=parameters, trust_env=False)
        assert answer.status_code == 200, f"{parameters}: {answer.text}"
        return answer.json()["data"]

    def query(self, expression):
        """The result vector of an instant query."""
        return self.ask("query", query=expression)["result"]

    def value(self, expression):
        """Of a result that is one sample; None of others."""
        found = self.numbers(expression)
        return found[0] if len(found) == 1 else None

    def numbers(self, expression):
        """Its values, without those that are none."""
        values = [float(sample["value"][1]) for sample in self.query(expression)]
        return [value for value in values if not math.isnan(value)]

    def await_numbers(self, expression, check=bool, seconds=15, every=0.3):
        """Until what numbers() says pleases ${check}."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.numbers(expression)
            if check(found):
                return found
            assert time.monotonic() < deadline, f"{expression} is {found}"
            time.sleep(every)

    def await_value(self, expression, wanted, seconds=30):
        self.await_numbers(expression, lambda found: found == [wanted], seconds)

    def rules(self):
        """All rules as it has read them, with health and state."""
        return [rule for group in self.ask("rules")["groups"] for rule in group["rules"]]

    def firing(self):
        """{alert's name: one of its alerts} of those that fire."""
        return {a["labels"]["alertname"]: a for a in self.ask("alerts")["alerts"] if a["state"] == "firing"}


def _configuration(server, rules, certificates):
    return {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": rules,
        "scrape_configs": [{
            "job_name": "chores-tls",
            "scheme": "https",
            "tls_config": {"ca_file": str(certificates), "server_name": "localhost"},
            "static_configs": [{"targets": [f"127.0.0.1:{server.port}"]}],
        }],
    }  # fmt: skip
