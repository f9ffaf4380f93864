"""Sends load: wrk (as fast as it goes), paced (at a given rate), pgbench (the statements alone)."""

import json
import re
import resource
import statistics
import subprocess
import tempfile
import time

import processes
from ground import BUILT, ROOT

CORES = 2  # threads of a load generator
PROGRAMS = ROOT / ".build" / "bench"


class Broken(Exception):
    """A run whose answers were not what it is about."""


def write_requests(name, requests):
    """The file that wrk's script and paced read: METHOD, path, token, body a line."""
    path = BUILT / f"{name}.requests"
    if len(requests) < CORES:  # a thread without a line would send nothing
        requests = requests * CORES
    path.write_text("".join("\t".join(request) + "\n" for request in requests))
    return path


def _finish(command, seconds, **options):
    """Run a load generator to its end, which is not far; its output."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=False, **options)
    if done.returncode != 0:
        raise Broken(f"{command[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def _judge(result):
    """Of what is refused or broken, a thousandth is bad luck and more is another benchmark."""
    bad = result["refused"] + result["broken"]
    if result["requests"] == 0 or bad > result["requests"] / 1000:
        raise Broken(f"of {result['requests']} requests {result['refused']} were refused, {result['broken']} broke")
    return result


def wrk(url, requests, connections, seconds):
    threads = min(CORES, connections)
    command = ["wrk", "-t", threads, "-c", connections, "-d", f"{seconds}s", "--timeout", "10s",
               "-s", ROOT / "bench" / "wrk" / "replay.lua", url, "--", requests, threads]  # fmt: skip
    output = _finish(list(map(str, command)), seconds)
    result = json.loads(re.search(r"^RESULT (.*)$", output, re.M)[1])
    return _judge(result | {"rate": result["requests"] / result["seconds"]})


def paced(port, requests, connections, rate, seconds):
    """Open loop, plain HTTP: requests come when they come, and wait counts from when each was due. Rate 0: closed."""
    command = [PROGRAMS / "paced", port, connections, f"{rate:.0f}", seconds, requests]
    return _judge(json.loads(_finish(list(map(str, command)), seconds)))


def pgbench(database, script, connections, seconds, batch, meter):
    """
    The same statements by PostgreSQL's own load generator; a transaction of the script stands for ${batch} requests.

    It connects, prepares and plans anew each time, which no server does: its first second is not counted, and the
    meter starts behind it.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".sql", dir=BUILT) as file:
        file.write(script)
        file.flush()
        command = ["pgbench", "-n", "-M", "prepared", "-c", connections, "-j", min(CORES, connections),
                   "-T", seconds + 1, "-P", 1, "-f", file.name, database]  # fmt: skip
        with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as client:
            try:
                uncounted = _first_second(client)
                meter.start(client.pid)
                began = time.monotonic()
                output, errors = client.communicate()
            except BaseException:
                client.kill()
                raise
        took = time.monotonic() - began
    if client.returncode != 0:
        raise Broken(f"pgbench: {errors[-2000:]}")
    count = int(re.search(r"^number of transactions actually processed: (\d+)", output, re.M)[1]) - uncounted
    failed = int(re.search(r"^number of failed transactions: (\d+)", output, re.M)[1])
    return _judge({"requests": count * batch, "rate": count * batch / took, "refused": failed, "broken": 0})


def _first_second(client):
    """Wait until pgbench has told of it; the transactions in it."""
    said = ""
    while not (progress := re.search(r"progress: ([\d.]+) s, ([\d.]+) tps", said)):
        line = client.stderr.readline()
        if not line:
            raise Broken(f"pgbench: {said[-2000:]}")
        said += line
    return round(float(progress[1]) * float(progress[2]))


def _client_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Meter:
    """CPU seconds of some process trees over a with block, and of the load generators that ended in it."""

    def __init__(self, **roots):
        self.roots = roots

    def start(self, client=None):
        """Forget what was until now, of a load generator that runs already too."""
        self._client_before = _client_seconds() + (processes.cpu_seconds(client) if client else 0)
        self._before = {name: processes.cpu_seconds(*pids) for name, pids in self.roots.items()}

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.client_seconds = _client_seconds() - self._client_before
        self.seconds = {name: processes.cpu_seconds(*pids) - self._before[name] for name, pids in self.roots.items()}


def middle(values):
    """median, least, most"""
    values = list(values)
    return statistics.median(values), min(values), max(values)
