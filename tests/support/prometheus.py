"""A real Prometheus: Debian's, on a port of its own, asked by its query API."""

import json
import shutil
import subprocess
import time

import httpx

from support.ground import CERTIFICATE, ROOT, STATE, free_port

DEPLOY = ROOT / "deploy"


def program(name):
    return shutil.which(name) or str(STATE / "prometheus-package" / "usr" / "bin" / name)


class Prometheus:
    """Scrapes a server over TLS every second, with our rules."""

    def __init__(self, server, folder, features=()):
        self.url = f"http://127.0.0.1:{free_port()}"
        folder.mkdir()
        for name in ("recording.yml", "alerts.yml"):
            (folder / name).write_text((DEPLOY / "prometheus" / name).read_text())
        (folder / "prometheus.yml").write_text(
            json.dumps({
                "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                "rule_files": ["recording.yml", "alerts.yml"],
                "scrape_configs": [{
                    "job_name": "chores-tls", "scheme": "https",
                    "tls_config": {"ca_file": str(CERTIFICATE), "server_name": "localhost"},
                    "static_configs": [{"targets": [f"127.0.0.1:{server.port}"]}],
                }],
            })
        )  # fmt: skip
        self.log = open(folder / "log", "w")
        options = [f"--enable-feature={feature}" for feature in features]
        self.process = subprocess.Popen(
            [program("prometheus"), f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address={self.url.removeprefix('http://')}", "--log.level=warn", *options],
            stdout=self.log, stderr=self.log)  # fmt: skip

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()

    def ask(self, path, **parameters):
        """The data of an answer of the API."""
        answer = httpx.get(f"{self.url}/api/v1/{path}", params=parameters, trust_env=False)
        if answer.status_code == 503:  # it is starting
            answer.raise_for_status()
        assert answer.status_code == 200, f"{path} {parameters}: {answer.text}"
        return answer.json()["data"]

    def query(self, expression):
        """The result vector of an instant query."""
        return self.ask("query", query=expression)["result"]

    def value(self, expression):
        result = self.query(expression)
        return float(result[0]["value"][1]) if len(result) == 1 else None

    def await_value(self, expression, wanted, seconds=30):
        deadline = time.monotonic() + seconds
        while True:
            try:
                value = self.value(expression)
            except httpx.HTTPError:
                value = None
            if value == wanted:
                return
            assert time.monotonic() < deadline, f"{expression} is {value}, not {wanted}"
            time.sleep(0.3)
