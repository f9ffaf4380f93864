"""Workers die and are reloaded; what was counted stays."""

import concurrent.futures
import json
import os
import re
import shutil
import signal
import socket
import ssl
import struct
import threading
import time

import httpx
import pytest

from support.ground import CERTIFICATE, ROOT
from support.people import People, make_chore
from support.waiting import eventually

PATH = "/api/v1/users/me"


@pytest.fixture
def served(start_server):
    server = start_server()
    people = People(server)
    yield server, people
    people.close()


class Load:
    """Requests from several connections until it is told to stop."""

    def __init__(self, server, token, connections=6):
        self._server, self._token = server, token
        self._over = threading.Event()
        self._pool = concurrent.futures.ThreadPoolExecutor(connections)
        self._futures = [self._pool.submit(self._run) for _ in range(connections)]

    def _run(self):
        """How many answers of each status; connections may be lost."""
        answers, lost = {}, 0
        while not self._over.is_set():
            try:
                with self._server.client(self._token, plain=True) as client:
                    for _ in range(50):
                        if self._over.is_set():
                            break
                        status = client.get(PATH).status_code
                        answers[status] = answers.get(status, 0) + 1
            except httpx.TransportError:
                lost += 1
        return answers, lost

    def stop(self):
        self._over.set()
        answers, lost = {}, 0
        for future in self._futures:
            mine, mine_lost = future.result()
            lost += mine_lost
            for status, count in mine.items():
                answers[status] = answers.get(status, 0) + count
        self._pool.shutdown()
        return answers, lost


def counted(metrics, status="200"):
    return (
        metrics.get("http_requests_total", handler=PATH, method="GET", status=status) or 0
    )


def await_workers(server, old):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        now = server.workers()
        if len(now) == len(old) and now != old:
            return now
        time.sleep(0.05)
    raise AssertionError(f"workers {old} are {server.workers()}")


class TestKilled:
    def test_another_takes_its_place_and_counters_only_rise(self, served):
        server, people = served
        parent = people.parent()
        load = Load(server, parent.token)
        seen = [counted(server.metrics())]
        try:
            for index in (0, 1):
                time.sleep(0.7)
                before = server.workers()
                server.kill_worker(index)
                await_workers(server, before)
                for _ in range(5):
                    seen.append(counted(server.metrics()))
                    time.sleep(0.1)
        finally:
            answers, lost = load.stop()
        metrics = server.metrics()
        seen.append(counted(metrics))
        assert seen == sorted(seen)
        assert set(answers) == {200}
        # A worker may count what it could no longer send.
        assert answers[200] <= counted(metrics) <= answers[200] + lost
        assert metrics.total("http_requests_inprogress", handler=PATH) == 0
        assert metrics("chores_worker_restarts_total") == 2
        count = metrics("http_request_duration_seconds_count", handler=PATH, method="GET")
        bucket = metrics(
            "http_request_duration_seconds_bucket", handler=PATH, method="GET", le="+Inf"
        )
        assert count == bucket == metrics.total("http_requests_total", handler=PATH)


class TestToldToLeave:
    """A process of the server, not the server."""

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
    def test_a_worker_is_replaced(self, served, number):
        server, people = served
        parent = people.parent()
        server.deaths_expected = True
        before = server.workers()
        os.kill(before[0], number)
        await_workers(server, before)
        assert parent.get("/users/me").status_code == 200
        assert server.metrics()("chores_worker_restarts_total") == 1

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
    def test_the_key_manager_is_not_missed(self, served, number):
        server, people = served
        parent = people.parent()
        server.deaths_expected = True
        os.kill(server.key_manager(), number)
        eventually(lambda: len(server.children()) == len(server.workers()))
        before = server.workers()
        server.kill_worker()
        await_workers(server, before)
        server.signal(signal.SIGHUP)
        for _ in range(10):  # over TLS, from all workers
            with server.client(parent.token) as client:
                assert client.get(PATH).status_code == 200
        assert server.workers()[1] == before[1]


@pytest.mark.untraced
class TestPaused:
    """As a debugger does it, a frozen container, a laptop that sleeps."""

    @pytest.mark.parametrize("seconds", [0.01, 1.5])
    def test_what_arrived_meanwhile_is_answered_and_all_goes_on(self, served, seconds):
        server, people = served
        parent, child = people.family()
        processes = [server.pid, *server.children()]
        for _ in range(3):
            for pid in processes:
                os.kill(pid, signal.SIGSTOP)
            with concurrent.futures.ThreadPoolExecutor() as pool:
                waiting = [pool.submit(parent.get, path) for path in ("/users/me", "/reports/allowance-summary")]
                time.sleep(seconds)
                for pid in processes:
                    os.kill(pid, signal.SIGCONT)
                assert [answer.result().status_code for answer in waiting] == [200, 200]
            assert make_chore(parent, child)["id"] > 0
            assert people.log_in(parent.username).status_code == 200
        assert [server.pid, *server.children()] == processes


@pytest.mark.untraced
class TestLostThread:
    def test_its_worker_gives_up_and_says_why(self, cluster, start_server):
        """libpq asks the kernel's keyring for a ticket, which the sandbox forbids."""
        url = cluster.create()
        server = start_server(url + "?gssencmode=prefer", wait=False, KRB5CCNAME="KEYRING:process:chores").launch()
        server.deaths_expected = True
        deadline = time.monotonic() + 15
        while "has ended, maybe by a system call" not in server.log() or "restarting worker" not in server.log():
            assert time.monotonic() < deadline, server.log()
            time.sleep(0.1)


class TestReloaded:
    def test_sighup_loses_no_request_and_no_count(self, served):
        server, people = served
        parent = people.parent()
        workers = server.workers()
        load = Load(server, parent.token)
        try:
            for _ in range(3):
                time.sleep(0.4)
                server.signal(signal.SIGHUP)
        finally:
            time.sleep(0.5)
            answers, lost = load.stop()
        assert (set(answers), lost) == ({200}, 0)
        assert counted(server.metrics()) == answers[200]
        assert server.workers() == workers
        assert server.metrics()("chores_config_last_reload_successful") == 1


class TestClientsThatLeave:
    def test_they_leave_nothing_behind(self, served):
        server, people = served
        parent = people.parent()
        request = (
            f"GET /api/v1/statistics/trends HTTP/1.1\r\nHost: x\r\n"
            f"Authorization: Bearer {parent.token}\r\n\r\n"
        ).encode()
        context = ssl.create_default_context(cafile=CERTIFICATE)
        for number in range(60):
            with socket.create_connection(("127.0.0.1", server.port)) as raw:
                with context.wrap_socket(raw, server_hostname="localhost") as tls:
                    tls.sendall(request[: len(request) - number % 3 * 30])
        assert parent.get("/users/me").status_code == 200
        deadline = time.monotonic() + 10
        while server.metrics().total("http_requests_inprogress") != 0:
            assert time.monotonic() < deadline
            time.sleep(0.1)


class TestClientsThatReset:
    CLIENTS = 50

    def test_a_request_that_waited_for_its_handler_is_forgotten(self, start_server):
        """In a round of its loop Kore runs handlers for a second: here for a millisecond."""
        server = start_server(wait=False, WORKERS=1)
        configuration = server.folder / "conf"
        configuration.unlink()
        shutil.copytree(ROOT / "conf", configuration, symlinks=True)
        file = configuration / "chores.conf"
        file.write_text(re.sub(r"^(http_request_ms\s+)\d+", r"\g<1>1", file.read_text(), flags=re.M))
        (worker,) = server.start().workers()
        body = json.dumps(list(range(80000)))
        request = (
            f"POST /api/v1/chores HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()
        clients = [socket.create_connection(("127.0.0.1", server.plain_port)) for _ in range(self.CLIENTS)]
        for client in clients:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(request[:-1])
        time.sleep(0.2)
        os.kill(worker, signal.SIGSTOP)
        for client in clients:
            client.sendall(request[-1:])
        os.kill(worker, signal.SIGCONT)
        for client in reversed(clients):
            time.sleep(0.001)
            client.close()
        with server.client() as client:
            assert client.get("/api/v1/health").status_code == 200
        assert server.workers() == [worker]


class TestParentKilled:
    def test_nobody_is_left_and_the_ports_are_free(self, served):
        server, people = served
        parent = people.parent()
        server.kill_parent()
        server.start()
        assert parent.get("/users/me").status_code == 200


class TestStopped:
    def test_sigterm_ends_everything_in_order(self, start_server):
        server = start_server()
        workers = server.workers()
        server.stop()
        assert len(workers) == 2

    def test_a_full_restart_counts_from_zero(self, served):
        server, people = served
        parent = people.parent()
        assert parent.get("/users/me").status_code == 200
        assert counted(server.metrics()) == 1
        server.restart()
        assert counted(server.metrics()) == 0
