"""What is measured once and is no rate: handshakes, waiting at a given load, memory, wake-ups, starts, counting."""

import os
import re
import signal
import socket
import ssl
import subprocess
import time

import load
import processes
import works
from doors import doors
from ground import BUILT, ROOT, STATE, parent_id, token
from support.ground import free_port

MANY = 1000  # connections
IDLE_SECONDS = 10
HANDSHAKE_SECONDS = 3
PACED_SECONDS = 11  # of which the first is not counted
PACED_LOAD = 0.7
PACED_LOAD_LEAST, PACED_LOAD_MOST = 0.6, 0.8
PACED_ATTEMPTS = 4
PACED_CONNECTIONS = 64


def counting(run):
    """bench/metrics_cost.c: nanoseconds an increment, and a scrape without HTTP."""
    output = subprocess.run([BUILT / "metrics_cost"], capture_output=True, text=True, check=True).stdout
    for line in output.splitlines():
        if match := re.fullmatch(r"(.*?) +([\d.]+) ns", line):
            yield match[1], float(match[2]), "ns"


def handshakes(run):
    """A connection, a request and its end, over and over from one client: cold, then with the session of the last."""
    for peer in run.peers_with_tls():
        for how in ("new", "reuse"):
            with load.Meter(own=peer.pids) as meter:
                output = subprocess.run(
                    ["openssl", "s_time", "-connect", f"127.0.0.1:{peer.ports['tls']}", f"-{how}", "-www", "/",
                     "-time", str(HANDSHAKE_SECONDS)],
                    capture_output=True, text=True, check=True, timeout=60,
                ).stdout  # fmt: skip
            count, seconds = map(int, re.search(r"(\d+) connections in (\d+) real seconds", output).groups())
            what = f"{peer.name}: connections with a {'resumed' if how == 'reuse' else 'full'} handshake"
            yield what, count / seconds, "/s"
            yield f"{what}, CPU", meter.seconds["own"] / count * 1e6, "µs"
            if how == "reuse":
                marks = re.search(r"^[*r]+$", output, re.M)[0]
                yield f"{peer.name}: share that was resumed", 100 * marks.count("r") / len(marks), "%"


def waiting(run):
    """
    Latency in an open loop, at 70 % of what the same client gets in a closed one. If others took so much of the
    machine meanwhile that this was no longer 70 %, the run says nothing and is made again.
    """
    requests = load.write_requests("me", works.me())

    def most():
        return load.paced(run.ours.ports["plain"], requests, PACED_CONNECTIONS, 0, 3)["rate"]

    for attempt in range(1, PACED_ATTEMPTS + 1):
        run.progress(f"waiting: attempt {attempt} of {PACED_ATTEMPTS}")
        rate = PACED_LOAD * min(most(), most())
        try:
            result = load.paced(run.ours.ports["plain"], requests, PACED_CONNECTIONS, rate, PACED_SECONDS)
        except load.Broken:  # it could not keep up
            continue
        share = rate / most()
        if PACED_LOAD_LEAST <= share <= PACED_LOAD_MOST:
            break
    else:
        yield "open loop: attempts, all spoilt by what else ran", PACED_ATTEMPTS, ""
        return
    yield "open loop, rate", rate, "/s"
    yield "open loop, load", 100 * share, "%"
    for name in ("p50", "p90", "p99", "p999", "max"):
        yield f"open loop, {name}", result[name], "ms"
    yield "open loop, p99 / p50", result["p99"] / result["p50"], ""


def memory(run):
    """PSS of the whole tree: idle, with many connections that have asked, and while they ask."""
    yield "memory at rest", processes.pss_mib(*run.ours.pids), "MiB"
    for listener in ("plain", "tls"):
        connections = [_connection(run.ours.ports[listener], listener == "tls") for _ in range(MANY)]
        yield f"memory, {MANY} connections, {listener}", processes.pss_mib(*run.ours.pids), "MiB"
        for connection in connections:
            connection.close()
    requests = load.write_requests("me", works.me())
    for listener in ("plain", "tls"):
        yield f"memory, {MANY} busy connections, {listener}", _busy_memory(run, listener, requests), "MiB"


def _connection(port, over_tls):
    """A connection that has asked once and is kept."""
    connection = socket.create_connection(("127.0.0.1", port))
    if over_tls:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = context.wrap_socket(connection)
    head = ("GET /api/v1/users/me HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token(parent_id(1))}")
    connection.sendall("".join(line + "\r\n" for line in (*head, "")).encode())
    assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
    return connection


def _busy_memory(run, listener, requests):
    command = ["wrk", "-t2", f"-c{MANY}", "-d4s", "-s", ROOT / "bench" / "wrk" / "replay.lua",
               run.ours.url(listener), "--", requests, "2"]  # fmt: skip
    client = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    most = 0
    while client.poll() is None:
        most = max(most, processes.pss_mib(*run.ours.pids))
        time.sleep(0.25)
    return most


def idleness(run):
    """How often a process wakes up while nobody asks."""
    time.sleep(2)  # what went before has settled
    before = processes.wakeups(run.ours.pids[0])
    time.sleep(IDLE_SECONDS)
    after = processes.wakeups(run.ours.pids[0])
    rates = {pid: (after[pid] - before[pid]) / IDLE_SECONDS for pid in before if pid in after}
    for pid, rate in sorted(rates.items()):
        yield f"wake-ups, {processes.name(pid)}", rate, "/s"
    yield "wake-ups, busiest process", max(rates.values()), "/s"


def starting(run):
    """From ./dev run to its line "ready:", when everything has been built and made before."""
    environment = {
        **os.environ, "PORT": str(free_port()), "DATABASE_FOLDER": str(STATE / "bench" / "start"),
    }  # fmt: skip
    times = []
    for _ in range(4):
        began = time.monotonic()
        server = subprocess.Popen([ROOT / "dev", "run"], env=environment, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, start_new_session=True)  # fmt: skip
        try:
            lines = []
            while not lines or not lines[-1].startswith("ready:"):
                lines.append(server.stdout.readline())
                if not lines[-1]:
                    raise RuntimeError("./dev run: " + "".join(lines))
            times.append(time.monotonic() - began)
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate()
    # The first has built and made what was missing.
    yield "ready after ./dev run", load.middle(times[1:])[0], "s"


def growth(run):
    """The same requests against databases that grow: 10^3 ... 10^6 assignments, three times the activities."""
    for families in (1, 10, 100, 1000):
        run.progress(f"growth: {families * 1000} assignments")
        run.restart_ours("bench_growth", "tests/db/generate.sql", families=families)
        for name, path, user_id in (
            ("GET /users/me", "/api/v1/users/me", 1),
            ("GET /chores/pending-approval", "/api/v1/chores/pending-approval", 1),
            ("GET /chores of a child", "/api/v1/chores", 3),
            ("GET /activities/recent", "/api/v1/activities/recent", 1),
        ):
            requests = load.write_requests("growth", [("GET", path, token(user_id), "")])
            result = load.wrk(run.ours.url("plain"), requests, 1, 2)
            yield f"{families * 1000} assignments, {name}, p50", result["p50"], "ms"
    run.restart_ours()


# name: (function, whether it runs without --full)
PROBES = {
    "counting": (counting, True),
    "doors": (doors, False),
    "handshakes": (handshakes, False),
    "waiting": (waiting, False),
    "memory": (memory, False),
    "idleness": (idleness, False),
    "starting": (starting, False),
    "growth": (growth, False),
}
