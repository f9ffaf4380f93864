"""What the front door costs: the same page behind it and behind Kore's own parser, in turns."""

import contextlib
import socket
import subprocess
import time

import load
from ground import BUILT, ROOT
from support.ground import free_port

HERE = ROOT / "bench" / "door"
PAIRS = 12
CONNECTIONS = 32
SECONDS = 2
START_SECONDS = 10


@contextlib.contextmanager
def _server(ports):
    text = (HERE / "door.conf").read_text()
    for name, value in {"MODULE": str(BUILT / "door.so"), **ports}.items():
        text = text.replace(f"@{name}@", str(value))
    configuration = BUILT / "door.conf"
    configuration.write_text(text)
    with open(BUILT / "door.log", "w") as log:
        server = subprocess.Popen(["kore", "-fnrqc", configuration], cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait_for(ports.values())
        yield server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(ports):
    deadline = time.monotonic() + START_SECONDS
    for port in ports:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the server did not start: see {BUILT / 'door.log'}") from None
                time.sleep(0.1)


def _turn(pid, url, requests):
    with load.Meter(own=[pid]) as meter:
        result = load.wrk(url, requests, CONNECTIONS, SECONDS)
    return result["rate"], meter.seconds["own"] / result["requests"] * 1e6


def doors(run):
    """Requests/s and CPU with the front door, as shares of those without."""
    requests = load.write_requests("doors", [("GET", "/", "", "")])
    ports = {f"{who}_{how}": free_port() for who in ("DOOR", "KORE") for how in ("PLAIN", "TLS")}
    with _server(ports) as pid:
        for how, scheme in (("PLAIN", "http"), ("TLS", "https")):
            run.progress(f"doors: {how.lower()}")
            turns = {"DOOR": [], "KORE": []}
            for number in range(PAIRS):
                for who in sorted(turns, reverse=number % 2):
                    url = f"{scheme}://127.0.0.1:{ports[f'{who}_{how}']}"
                    turns[who].append(_turn(pid, url, requests))
            for who, title in (("DOOR", "front door"), ("KORE", "Kore's parser")):
                yield f"{title}, {how.lower()}", load.middle(rate for rate, _ in turns[who])[0], "/s"
                yield f"{title}, {how.lower()}, CPU", load.middle(cpu for _, cpu in turns[who])[0], "µs"
            pairs = list(zip(turns["DOOR"], turns["KORE"], strict=True))
            yield f"door / Kore, {how.lower()}, requests/s", load.middle(d[0] / k[0] for d, k in pairs)[0], ""
            yield f"door / Kore, {how.lower()}, CPU", load.middle(d[1] / k[1] for d, k in pairs)[0], ""
