"""examples/hits: another application that uses src/metrics as it is."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from support.ground import ROOT, dev, free_port
from support.messages import ACCEPT, native_buckets, read_families
from support.samples import Samples

EXAMPLE = ROOT / "examples" / "hits"
WORKERS = 3


class Hits:
    """The example, run by Kore in a folder of its own."""

    def __init__(self, folder):
        dev("example", "build")
        port = free_port()
        folder.mkdir()
        configuration = (EXAMPLE / "conf" / "hits.conf").read_text()
        (folder / "hits.conf").write_text(configuration.replace(" 8890\n", f" {port}\n"))
        shutil.copy(ROOT / ".build" / "examples" / "hits" / "hits.so", folder)
        self._log = open(folder / "server.log", "w")
        self.process = subprocess.Popen(
            ["kore", "-fnrqc", "hits.conf"], cwd=folder, stdout=self._log, stderr=self._log, start_new_session=True
        )
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False)

    def get(self, path, **headers):
        """One request on a connection of its own, so that all workers get some."""
        answer = self._client.get(path, headers={"connection": "close", **headers})
        assert answer.status_code == 200
        return answer

    def samples(self):
        return Samples(self.get("/metrics").text)

    def eventually(self, holds):
        """Wait until the example answers and its samples are so."""
        deadline = time.monotonic() + 10
        while True:
            try:
                if holds(self.samples()):
                    return
            except httpx.TransportError:
                assert self.process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def workers(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"[wrk " in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)
        self._client.close()
        self._log.close()


@pytest.fixture(scope="module")
def hits(run_folder):
    hits = Hits(run_folder / "hits")
    try:
        hits.eventually(lambda samples: samples("hits_workers") == WORKERS)
        yield hits
    finally:
        hits.stop()


class TestExample:
    def test_counts_over_all_workers_and_from_zero(self, hits):
        assert hits.samples()("hits_total", target="nail") == 0
        for path, times in (("drum", 40), ("nail", 7), ("thumb", 3)):
            for _ in range(times):
                hits.get(f"/hit/{path}")
        samples = hits.samples()
        assert samples("hits_total", target="drum") == 40
        assert samples("hits_total", target="nail") == 7
        assert samples("hits_total", target="other") == 3
        assert samples("hit_duration_seconds_count") == 50
        assert samples("hit_force_grams_sum", target="drum") == 40 * len("drum")
        assert samples("hit_force_grams_bucket", target="other", le="5.0") == 3
        assert samples("hits_workers") == WORKERS

    def test_has_its_own_metrics_and_nobody_elses(self, hits):
        families = set(hits.samples().families)
        assert {name for name in families if not name.startswith("process_")} == {
            "hits", "hit_force_grams", "hit_duration_seconds", "hits_workers"
        }  # fmt: skip
        assert "process_open_fds" in families

    def test_negotiates_openmetrics_with_exemplars(self, hits):
        hits.get("/hit/drum")
        answer = hits.get("/metrics", accept="application/openmetrics-text;version=1.0.0")
        assert answer.headers["content-type"].startswith("application/openmetrics-text")
        families = {family.name: family for family in text_string_to_metric_families(answer.text)}
        exemplars = [s.exemplar for s in families["hit_duration_seconds"].samples if s.exemplar]
        assert {e.labels["request_id"] for e in exemplars} & {"drum", "nail", "thumb"}

    def test_has_a_native_histogram_of_its_times(self, hits):
        hits.get("/hit/drum")
        families = read_families(hits.get("/metrics", accept=ACCEPT).content)
        (times,) = families["hit_duration_seconds"].metric
        native = native_buckets(times.histogram)
        assert 0 < times.histogram.sample_count == sum(count for _, _, count in native)
        assert not any(m.histogram.HasField("schema") for m in families["hit_force_grams"].metric)

    def test_forgets_nothing_when_it_is_reloaded_and_a_worker_dies(self, hits):
        before = hits.samples()
        hits.process.send_signal(signal.SIGHUP)
        time.sleep(0.2)
        victim = hits.workers()[0]
        os.kill(victim, signal.SIGKILL)
        hits.eventually(lambda samples: victim not in hits.workers() and samples("hits_workers") == WORKERS)
        hits.get("/hit/nail")
        after = hits.samples()
        for target in ("drum", "other"):
            assert after("hits_total", target=target) == before("hits_total", target=target)
        assert after("hits_total", target="nail") == before("hits_total", target="nail") + 1

    def test_is_what_the_module_s_readme_shows(self):
        shown = re.findall(r"^```c\n(.*?)^```$", (ROOT / "src" / "metrics" / "README.md").read_text(), re.M | re.S)
        source = (EXAMPLE / "src" / "hits.c").read_text()
        assert shown
        for block in shown:
            for part in block.split("\n\n"):
                assert part.strip() in source
