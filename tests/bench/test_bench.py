"""The bench measures what it says it measures. Nothing is started here but what a test needs."""

import json
import os
import socketserver
import subprocess
import threading
import time

import pytest

import load
import processes
import report
import works
from ground import FAMILIES
from support.ground import ROOT
from targets import Target


class TestProcesses:
    BUSY = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"

    def shell(self, script):
        """A shell that runs Python as its child and then waits for a line."""
        return subprocess.Popen(["sh", "-c", f"python3 -c '{script}'; echo done; read line"],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip

    def test_time_of_dead_children_counts(self):
        with self.shell(self.BUSY) as shell:
            assert shell.stdout.readline() == "done\n"
            assert 0.28 <= processes.cpu_seconds(shell.pid) < 3
            shell.communicate("\n")

    def test_a_tree_has_its_grandchildren(self):
        with subprocess.Popen(["sh", "-c", "sh -c 'sleep 10; true'; true"]) as top:
            deadline = time.monotonic() + 5
            while len(tree := processes.tree(top.pid)) < 3 and time.monotonic() < deadline:
                time.sleep(0.01)
            names = [processes.name(pid) for pid in tree]
            for pid in tree:
                os.kill(pid, 9)
        assert sorted(names) == ["sh -c sh -c 'sleep 10; true'; true", "sh -c sleep 10; true", "sleep 10"]

    def test_memory_is_that_of_the_tree(self):
        hold = "data = bytearray(64 << 20); print(1, flush=True); import time; time.sleep(30)"
        with self.shell(hold) as shell:
            shell.stdout.readline()
            held = processes.pss_mib(shell.pid)
            for pid in processes.tree(shell.pid):
                os.kill(pid, 9)
        assert 64 <= held < 100

    def test_wakeups_count_sleeps(self):
        naps = "import time\nprint(1, flush=True)\ninput()\nfor _ in range(50): time.sleep(0.001)\nprint(2, flush=True)\ninput()"
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(["/usr/bin/python3", "-c", naps], **pipes) as child:
            child.stdout.readline()
            time.sleep(0.2)  # it waits for its line
            before = processes.wakeups(child.pid)[child.pid]
            child.stdin.write("\n")
            child.stdin.flush()
            child.stdout.readline()
            slept = processes.wakeups(child.pid)[child.pid] - before
            child.communicate("\n")
        assert 50 <= slept <= 60


class TestWorks:
    @pytest.mark.parametrize("work", works.WORKS, ids=lambda work: work.name)
    def test_requests_are_whole(self, work):
        for method, path, token, body in work.requests():
            assert method in ("GET", "POST")
            assert path.startswith("/")
            assert "\t" not in token + body + path

    @pytest.mark.parametrize("work", [works.cycles, works.mixed])
    @pytest.mark.parametrize("threads", [1, 2])
    def test_no_thread_approves_what_it_has_not_completed(self, work, threads):
        requests = work()
        for thread in range(threads):
            completed = set()
            for _, path, _, _ in requests[thread::threads]:
                if path.endswith("/complete"):
                    chore = path.removesuffix("complete")
                    assert chore not in completed
                    completed.add(chore)
                elif path.endswith("/approve"):
                    completed.remove(path.removesuffix("approve"))
            assert not completed, "the next pass would complete these a second time"

    def test_all_kinds_are_in_the_mix(self):
        paths = [path for _, path, _, _ in works.mixed()]
        assert paths.count("/api/v1/users/me") == len(paths) * works.MIX["me"] // 100
        assert sum(path.endswith("/complete") for path in paths) == FAMILIES


def turn(rate, own_us=10, database_us=5):
    return {"rate": rate, "own_us": own_us, "database_us": database_us, "p50": 1, "p90": 1, "p99": 1, "p999": 1, "max": 1}


class TestReport:
    def test_a_ratio_is_of_neighbours_in_a_round(self):
        """The machine was three times as fast in the second round."""
        ours, theirs = [turn(100), turn(300)], [turn(50), turn(150)]
        assert report.Row("peer", theirs, ours).ratio == (2, 2, 2)

    def test_cpu_ratio_counts_postgresql_too(self):
        row = report.Row("peer", [turn(1, 25, 20)], [turn(1, 10, 5)])
        assert row.cpu_ratio == (3, 3, 3)

    @pytest.mark.parametrize(
        ("value", "at_most", "verdict"), [(9, True, "met"), (11, True, "not met"), (9, False, "not met"), (11, False, "met")]
    )
    def test_targets_are_judged(self, value, at_most, verdict):
        assert Target("text", lambda _: value, 10, at_most).judge(None) == ["text", f"{value:.2f}", verdict]

    def test_what_was_not_measured_is_not_judged(self):
        assert Target("text", lambda _: None, 10).judge(None) is None


class TestLoad:
    def test_a_run_of_refusals_is_no_run(self):
        with pytest.raises(load.Broken):
            load._judge({"requests": 1000, "refused": 2, "broken": 0})

    def test_paced_charges_a_stall_to_all_who_were_due(self, tmp_path):
        """The server sleeps for 0.4 s once: at 200/s some 80 requests wait, not the one that met it."""
        program, requests = tmp_path / "paced", tmp_path / "requests"
        source = ROOT / "bench" / "paced.c"
        subprocess.run(["gcc", "-D_GNU_SOURCE", "-O1", source, "-o", program, "-lm"], check=True)
        requests.write_text("GET\t/\t\t\n")
        began, stalled = time.monotonic(), threading.Lock()

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                while line := self.rfile.readline():
                    if line != b"\r\n":
                        continue
                    if time.monotonic() - began > 2 and stalled.acquire(blocking=False):
                        time.sleep(0.4)
                    self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever).start()
            command = [program, str(server.server_address[1]), "1", "200", "4", requests]
            result = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout)
            server.shutdown()
        assert result["requests"] == pytest.approx(600, rel=0.2)  # of four seconds the first is not counted
        assert result["p50"] < 50
        assert 50 < result["p90"] < 400
        assert 350 < result["p99"]
        assert (result["refused"], result["broken"]) == (0, 0)
