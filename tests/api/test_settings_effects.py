"""Settings: each does what it says.

Those that belong to one subject are tested with it: limits with the limits,
timeouts with the front door, queues with the faults of the database.
"""

import concurrent.futures
import contextlib
import os
import signal
import socket
import ssl
import subprocess
import time
import urllib.parse

import httpx
import pytest

from support.answers import assert_refused
from support.client import Client
from support.people import People
from support.raw import Raw
from support.server import Server

UNAVAILABLE = "Service temporarily unavailable, please try again"


@pytest.fixture
def beside(start_server, server):
    """One more server on the shared one's database."""

    def start(**settings):
        return start_server(settings.pop("database_url", server.database_url), **settings)

    return start


@contextlib.contextmanager
def people_of(server):
    people = People(server)
    yield people
    people.close()


def await_answer(client, path="/api/v1/health", seconds=20):
    """The first answer, of a server whose address start() does not know."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return client.get(path)
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def is_open(port, address="127.0.0.1"):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        return probe.connect_ex((address, port)) == 0


class TestListeners:
    def test_without_tls(self, beside):
        server = beside(wait=False, PORT=0, TLS_CERT_FILE="cert/nobody.pem").launch()
        with server.client(plain=True) as client:
            assert await_answer(client).status_code == 200
        assert not is_open(server.port)

    def test_without_the_plain_one(self, beside):
        server = beside(HTTP_PORT=0)
        assert is_open(server.port)
        assert not is_open(server.plain_port)

    @pytest.mark.parametrize("address", ["127.0.0.2", "::1"])
    def test_another_address(self, beside, address):
        server = beside(wait=False, BIND_ADDRESS=address).launch()
        host = f"[{address}]" if ":" in address else address
        with Client(f"http://{host}:{server.plain_port}") as client:
            assert await_answer(client).status_code == 200
        assert is_open(server.port, address)
        assert not is_open(server.port)

    def test_workers(self, beside):
        assert len(beside(WORKERS=3).workers()) == 3

    def test_a_worker_for_each_cpu(self, beside):
        assert len(beside(WORKERS=0).workers()) == os.cpu_count()


class TestCertificate:
    def make(self, folder, name):
        """A pair in the server's folder; the certificate's bytes."""
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost", "-days", "2",
             "-keyout", folder / "own.key", "-out", folder / "own.pem"],
            check=True, capture_output=True)  # fmt: skip
        return ssl.PEM_cert_to_DER_cert((folder / "own.pem").read_text())

    def served(self, server):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", server.port)) as raw, context.wrap_socket(raw) as tls:
            return tls.getpeercert(binary_form=True)

    def test_ones_own_is_served_and_read_again(self, beside):
        server = beside(wait=False, TLS_CERT_FILE="own.pem", TLS_KEY_FILE="own.key")
        first = self.make(server.folder, "first")
        server.launch()
        with server.client(plain=True) as client:
            await_answer(client)
        assert self.served(server) == first
        second = self.make(server.folder, "second")
        assert self.served(server) == first
        server.signal(signal.SIGHUP)
        deadline = time.monotonic() + 10
        while {self.served(server) for _ in range(8)} != {second}:  # both workers
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def test_a_broken_one_is_not_taken_up(self, beside):
        server = beside(wait=False, TLS_CERT_FILE="own.pem", TLS_KEY_FILE="own.key")
        first = self.make(server.folder, "first")
        server.launch()
        with server.client(plain=True) as client:
            await_answer(client)
        (server.folder / "own.pem").write_text("nonsense")
        server.signal(signal.SIGHUP)
        deadline = time.monotonic() + 10
        while server.metrics()("chores_config_last_reload_successful") != 0:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert {self.served(server) for _ in range(4)} == {first}


class TestLog:
    def lines(self, server, level):
        return [line for line in server.log().splitlines() if f" {level} " in line]

    def test_debug_tells_of_each_request(self, beside):
        server = beside(LOG_LEVEL="debug")
        with server.client() as client:
            client.get("/nope?secret=hidden-word", headers={"x-request-id": "mine"})
        (line,) = [line for line in self.lines(server, "debug") if " id=mine " in line]
        assert " GET /nope 404 id=mine client=127.0.0.1 " in line
        assert "hidden-word" not in server.log()

    def test_error_keeps_silent(self, beside):
        server = beside(LOG_LEVEL="ERROR")
        with server.client() as client:
            client.get("/nope")
        assert [line for level in ("warning", "info", "debug") for line in self.lines(server, level)] == []


class TestLimitsOff:
    @pytest.mark.parametrize(
        "settings", [{"TESTING": "true"}, {"TESTING": "false", "RATE_LIMIT_ENABLED": "off"}], ids=["TESTING", "RATE_LIMIT_ENABLED"]
    )
    def test_nobody_is_refused(self, beside, settings):
        server = beside(**settings, RATE_LIMIT_DEFAULT=1)
        with server.client() as client:
            answers = [client.post("/api/v1/users/login", data={"username": "x", "password": "y"}) for _ in range(7)]
            assert {a.status_code for a in answers} == {401}
            assert "x-ratelimit-limit" not in answers[0].headers
            assert {client.get("/").status_code for _ in range(3)} == {200}


class TestDatabase:
    @pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2", "postgresql+psycopg", "postgresql+asyncpg"])
    def test_all_schemes_are_one(self, beside, server, scheme):
        url = urllib.parse.urlsplit(server.database_url)._replace(scheme=scheme).geturl()
        with beside(database_url=url).client() as client:
            assert client.get("/health").status_code == 200

    def test_reports_may_have_a_server_of_their_own(self, cluster, start_server):
        """Its database is another here, as a replica far behind would be."""
        server = start_server(DATABASE_REPORTS_URL=cluster.create())
        with people_of(server) as people:
            parent = people.parent()
            assert parent.get("/users/me").status_code == 200
            assert_refused(parent.get("/reports/allowance-summary"), 401, "User not found")

    def test_a_lost_reports_server_takes_only_reports_away(self, start_server):
        server = start_server(DATABASE_REPORTS_URL="postgresql://nobody@127.0.0.1:1/nothing")
        with people_of(server) as people:
            parent = people.parent()
            assert_refused(parent.get("/reports/allowance-summary"), 503, UNAVAILABLE)
            assert parent.get("/users/me").status_code == 200
            assert parent.post("/families/create", {}).status_code == 201

    def test_connecting_has_its_time(self, beside):
        """A server that takes the connection and never says a word."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"postgresql://u@127.0.0.1:{silent.getsockname()[1]}/d"
            server = beside(database_url=url, ready="/api/v1/health", DB_CONNECT_TIMEOUT_MS=600, DB_QUEUE_WAIT_MS=60000)
            with server.client() as client:
                started = time.monotonic()
                assert client.get("/health").status_code == 503
                assert time.monotonic() - started < 3
        assert "timeout" in server.log() or "trying again" in server.log()

    def test_reports_have_a_longer_time(self, start_server):
        server = start_server(DB_REPORT_TIMEOUT_MS=1500, DB_STATEMENT_TIMEOUT_MS=200)
        with people_of(server) as people:
            parent = people.parent()
            with server.db() as locker, locker.transaction():
                locker.execute("LOCK TABLE reward_adjustments IN ACCESS EXCLUSIVE MODE")
                started = time.monotonic()
                assert_refused(parent.get("/reports/allowance-summary"), 503, UNAVAILABLE)
                assert 1.2 < time.monotonic() - started < 4

    @pytest.mark.parametrize(
        ("executors", "usual", "reports"),
        [({"DB_EXECUTORS": 2, "DB_WRITE_EXECUTORS": 3, "DB_REPORT_EXECUTORS": 2}, 2 * (2 + 3), 2 * 2), ({}, 2 * (1 + 32 // 2), 2)],
    )
    def test_connections_are_as_many_as_were_asked_for(self, start_server, executors, usual, reports):
        server = start_server(WORKERS=2, **executors)
        with people_of(server) as people:
            deadline = time.monotonic() + 5
            wanted = [("chores", usual), ("chores reports", reports)]
            while wanted != (
                seen := people.sql(
                    "SELECT application_name, count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND application_name LIKE 'chores%%' GROUP BY 1 ORDER BY 1"
                )
            ):
                assert time.monotonic() < deadline, seen
                time.sleep(0.1)

    def test_only_so_many_may_wait(self, start_server):
        server = start_server(WORKERS=1, DB_EXECUTORS=1, DB_WRITE_EXECUTORS=1, DB_QUEUE=2, DB_QUEUE_WAIT_MS=10000)
        with people_of(server) as people, concurrent.futures.ThreadPoolExecutor(12) as pool:
            parents = [people.parent() for _ in range(12)]
            with server.db() as locker, locker.transaction():
                locker.execute("LOCK TABLE families IN ACCESS EXCLUSIVE MODE")
                asked = [pool.submit(p.post, "/families/create", {}) for p in parents]
                deadline = time.monotonic() + 4
                while sum(f.done() for f in asked) < 12 - 2 - 1:
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
            statuses = [f.result().status_code for f in asked]
        assert set(statuses) == {201, 503}
        assert statuses.count(503) >= 12 - 2 - 1
        assert server.metrics()("chores_executor_refused_total", lane="write") == statuses.count(503)


@pytest.fixture(scope="module")
def narrow(cluster, run_folder):
    server = Server(
        run_folder / "narrow", cluster.create(), HTTP_LINE_BYTES=300, HTTP_HEADER_BYTES=2000,
        HTTP_HEADER_COUNT=10, HTTP_BODY_BYTES=1000, HTTP_CONNECTIONS=20, WORKERS=1,
    ).start()  # fmt: skip
    yield server
    server.stop()


class TestFrontDoor:
    GET = "GET /api/v1/health HTTP/1.1\r\nHost: x\r\n"

    def ask(self, server, text):
        with Raw(server) as raw:
            return raw.send(text).answer().status

    def test_lines(self, narrow):
        assert self.ask(narrow, f"GET /{'x' * 250} HTTP/1.1\r\nHost: x\r\n\r\n") == 404
        assert self.ask(narrow, f"GET /{'x' * 300} HTTP/1.1\r\nHost: x\r\n\r\n") == 414

    def test_headers(self, narrow):
        assert self.ask(narrow, f"{self.GET}X: {'x' * 1800}\r\n\r\n") == 200
        assert self.ask(narrow, f"{self.GET}X: {'x' * 2000}\r\n\r\n") == 431

    def test_their_number(self, narrow):
        assert self.ask(narrow, self.GET + "X: x\r\n" * 9 + "\r\n") == 200
        assert self.ask(narrow, self.GET + "X: x\r\n" * 10 + "\r\n") == 431

    def test_bodies(self, narrow):
        post = "POST /api/v1/families/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        assert self.ask(narrow, f"{post}Content-Length: 1000\r\n\r\n{'1' * 1000}") == 401
        with Raw(narrow) as raw:
            answer = raw.send(f"{post}Content-Length: 1001\r\n\r\n{'1' * 1001}").answer()
        assert answer.status == 413
        assert b'"details":{"max_size_bytes":1000,"request_size_bytes":1001}' in answer.body

    def test_connections(self, narrow):
        """The longest idle ones go, and who has just come is served."""
        name = {"name": "chores_http_refused_requests_total", "reason": "too_many_connections"}
        before = narrow.metrics()(**name)
        raws = [Raw(narrow) for _ in range(40)]
        try:
            assert raws[-1].send(f"{self.GET}\r\n").answer().status == 200
            assert raws[0].is_closed()
        finally:
            for raw in raws:
                raw.socket.close()
        assert 19 <= narrow.metrics()(**name) - before <= 22

    def test_a_request_has_its_time(self, start_server):
        server = start_server(WORKERS=1, HTTP_REQUEST_TIMEOUT_S=1, DB_STATEMENT_TIMEOUT_MS=8000)
        with people_of(server) as people:
            parent = people.parent()
            with server.db() as locker, locker.transaction():
                locker.execute("LOCK TABLE families IN ACCESS EXCLUSIVE MODE")
                started = time.monotonic()
                answer = parent.post("/families/create", {})
                assert 0.8 < time.monotonic() - started < 4
                only_looks = parent.get("/families/members")
            assert_refused(answer, 504, "The outcome is unknown: it may have been applied")
            assert_refused(only_looks, 503, "Service temporarily unavailable, please try again")
            assert only_looks.headers["retry-after"] == "1"
