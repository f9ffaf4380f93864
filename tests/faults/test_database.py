"""PostgreSQL goes away, hangs, gives up; the service says so and comes back."""

import concurrent.futures
import contextlib
import functools
import os
import signal
import time

import pytest

from support import waiting
from support.people import People, make_chore
from support.raw import Raw

eventually = functools.partial(waiting.eventually, seconds=15)

UNKNOWN = '{"detail":"The outcome is unknown: it may have been applied"}'
UNAVAILABLE = '{"detail":"Service temporarily unavailable, please try again"}'


@pytest.fixture
def outage(own_cluster, start_server):
    server = start_server(own_cluster.create())
    people = People(server)
    yield server, people
    people.close()


def is_ready(client):
    return client.get_api("/health/ready").status_code == 200


def terminate_backends(people, condition=""):
    """End every connection of the server to its database, or some of them."""
    people.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name LIKE 'chores%%'"
        f"   AND pid <> pg_backend_pid() {condition}"
    )


@contextlib.contextmanager
def locked(server, statement, *parameters):
    """Hold what ${statement} locks; yields how to let go early."""
    with server.db() as connection:
        connection.autocommit = False
        connection.execute(statement, parameters)
        yield connection.rollback
        connection.rollback()


def wait_for_blocked(people):
    """A statement of the server waits for a lock."""
    eventually(
        lambda: people.sql(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()"
        )
    )


class TestAway:
    def test_what_needs_no_database_goes_on_and_all_is_well_soon_after(self, own_cluster, outage):
        server, people = outage
        parent = people.parent()
        workers = server.workers()
        people.close()
        with server.client(parent.token) as client:
            assert client.get_api("/users/me").status_code == 200
            own_cluster.stop()
            try:
                eventually(lambda: client.get_api("/users/me").status_code == 503)
                assert client.get_api("/health").status_code == 200
                assert client.get("/health").status_code == 503
                assert client.get_api("/health/ready").status_code == 503
                answer = client.get_api("/users/me")
                assert answer.text == UNAVAILABLE
                assert int(answer.headers["retry-after"]) >= 1
                assert client.get_api("/users/me", headers={"authorization": "x"}).status_code == 401
                metrics = server.metrics()
                assert metrics("chores_db_up") == 0
                assert metrics.total("database_errors_total", operation="connect") > 0
            finally:
                own_cluster.start()
            eventually(lambda: client.get_api("/users/me").status_code == 200)
            assert is_ready(client)
        assert server.metrics()("chores_db_up") == 1
        assert server.workers() == workers

    @pytest.mark.timing
    def test_refusals_are_quick_and_the_return_too(self, own_cluster, outage):
        server, people = outage
        parent = people.parent()
        people.close()
        with server.client(parent.token) as client:
            own_cluster.stop()
            try:
                eventually(lambda: client.get_api("/users/me").status_code == 503)
                took = []
                for _ in range(20):
                    started = time.monotonic()
                    assert client.get_api("/users/me").status_code == 503
                    took.append(time.monotonic() - started)
                assert sorted(took)[10] < 0.1
            finally:
                own_cluster.start()
            assert eventually(lambda: client.get_api("/users/me").status_code == 200) < 3

    def test_nothing_is_written_twice_nor_lost(self, own_cluster, outage):
        """Every 201 is a row, every 503 is none."""
        server, people = outage
        parent, child = people.family()
        people.close()
        answers = []
        with server.client(parent.token) as client:
            for number in range(60):
                if number == 20:
                    own_cluster.stop()
                if number == 40:
                    own_cluster.start()
                    eventually(lambda: is_ready(client))
                answer = client.post_api(
                    "/adjustments/",
                    {"child_id": child.id, "amount": "1.00", "reason": f"number {number}"},
                )
                answers.append((f"number {number}", answer.status_code))
        assert {status for _, status in answers} <= {201, 503, 504}
        with server.db() as db:
            rows = {r for (r,) in db.execute("SELECT reason FROM reward_adjustments").fetchall()}
            total = db.execute("SELECT count(*) FROM reward_adjustments").fetchone()[0]
        assert total == len(rows)
        assert {reason for reason, status in answers if status == 201} <= rows
        assert not {reason for reason, status in answers if status == 503} & rows


class TestConnectionLost:
    """The connection ends while a statement runs on it."""

    def test_a_write_is_of_unknown_outcome_and_not_repeated(self, outage):
        server, people = outage
        parent, child = people.family()
        chore = make_chore(parent, child)
        assert child.post(f"/chores/{chore['id']}/complete").status_code == 200
        with concurrent.futures.ThreadPoolExecutor() as pool:
            with locked(server, "SELECT FROM chores WHERE id = %s FOR UPDATE", chore["id"]):
                answer = pool.submit(parent.post, f"/chores/{chore['id']}/approve", {})
                wait_for_blocked(people)
                terminate_backends(people)
                answer = answer.result()
        assert (answer.status_code, answer.text) == (504, UNKNOWN)
        assert "retry-after" not in answer.headers
        assert people.sql("SELECT count(*) FROM reward_adjustments") == [(0,)]

    def test_a_read_is_asked_again(self, outage):
        server, people = outage
        parent, child = people.family()
        make_chore(parent, child)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            with locked(server, "LOCK TABLE chores IN ACCESS EXCLUSIVE MODE") as let_go:
                answer = pool.submit(parent.get, "/chores")
                wait_for_blocked(people)
                terminate_backends(people)
                time.sleep(0.2)
                let_go()
                answer = answer.result()
        assert answer.status_code == 200


class TestCommits:
    """Whether a write is done is known when it is committed, not when its statements have run."""

    REFUSAL = """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{}'; END $$;
        CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON reward_adjustments
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();
    """

    @pytest.mark.parametrize(("sqlstate", "status"), [("23514", 500), ("40001", 503)])
    def test_a_write_whose_commit_fails_is_not_confirmed(self, sqlstate, status, start_server):
        server = start_server(WORKERS=1)
        people = People(server)
        parent, child = people.family()
        people.sql(self.REFUSAL.format(sqlstate))
        answer = parent.post("/adjustments/", {"child_id": child.id, "amount": "1.00", "reason": "none"})
        assert answer.status_code == status
        assert people.sql("SELECT count(*) FROM reward_adjustments") == [(0,)]
        metrics = server.metrics()
        assert metrics.total("reward_adjustments_total") == 0
        assert metrics.total("database_errors_total", operation="insert") == (2 if status == 503 else 1)
        people.close()


class TestIsolation:
    def test_a_default_of_the_database_changes_nothing(self, start_server):
        """A read that shares a snapshot with others would miss what was committed since."""
        server = start_server(wait=False)
        with server.db() as db:
            ((name,),) = db.execute("SELECT current_database()").fetchall()
            db.execute(f'ALTER DATABASE "{name}" SET default_transaction_isolation = serializable')
        people = People(server.start())
        parent, child = people.family()
        people.sql("""
            CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN NEW.reason = current_setting('transaction_isolation'); RETURN NEW; END $$;
            CREATE TRIGGER tell BEFORE INSERT ON reward_adjustments FOR EACH ROW EXECUTE FUNCTION tell();
        """)
        answer = parent.post("/adjustments/", {"child_id": child.id, "amount": "1.00", "reason": "none"})
        assert answer.json()["reason"] == "read committed"
        people.close()


class TestTimeouts:
    def test_a_statement_that_takes_too_long_has_done_nothing(self, cluster, start_server):
        server = start_server(DB_STATEMENT_TIMEOUT_MS=500)
        people = People(server)
        parent, child = people.family()
        chore = make_chore(parent, child)
        with locked(server, "SELECT FROM chores WHERE id = %s FOR UPDATE", chore["id"]):
            answer = child.post(f"/chores/{chore['id']}/complete")
        assert (answer.status_code, answer.text) == (503, UNAVAILABLE)
        assert "retry-after" in answer.headers
        assert people.sql("SELECT count(*) FROM chore_assignments WHERE is_completed") == [(0,)]
        assert child.post(f"/chores/{chore['id']}/complete").status_code == 200
        assert server.metrics().total("database_errors_total") >= 1
        people.close()

    def test_what_waits_too_long_for_a_connection_is_refused(self, start_server):
        server = start_server(WORKERS=1, DB_WRITE_EXECUTORS=1, DB_QUEUE_WAIT_MS=300)
        people = People(server)
        parent, child = people.family()
        chores = [make_chore(parent, child)["id"] for _ in range(2)]
        other = people.family()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            with locked(server, "SELECT FROM chores WHERE id = %s FOR UPDATE", chores[0]):
                first = pool.submit(child.post, f"/chores/{chores[0]}/complete")
                wait_for_blocked(people)
                second = pool.submit(make_chore_answer, other[0], other[1])
                time.sleep(1)
            assert first.result().status_code == 200
            assert second.result().status_code == 503
        people.close()


def make_chore_answer(parent, child):
    return parent.post(
        "/chores",
        {"title": "T", "assignment_mode": "single", "assignee_ids": [child.id]},
    )


class Crowd:
    """Connections whose requests a worker finds all at once."""

    def __init__(self, server, person, size):
        self._server = server
        self._token = person.token
        self._connections = [Raw(server) for _ in range(size)]

    def __enter__(self):
        for connection in self._connections:
            connection.send(b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\n\r\n").answer()
        return self

    def __exit__(self, *_):
        for connection in self._connections:
            connection.socket.close()

    def get(self, *paths):
        """The statuses of their answers, in their order."""
        (worker,) = self._server.workers()
        os.kill(worker, signal.SIGSTOP)
        try:
            for connection, path in zip(self._connections, paths, strict=True):
                connection.send(f"GET /api/v1{path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self._token}\r\n\r\n")
        finally:
            os.kill(worker, signal.SIGCONT)
        return [connection.answer().status for connection in self._connections]


@pytest.mark.untraced
class TestBatches:
    """Reads that arrive together share a transaction, but no failure."""

    ROUNDS, SIZE = 10, 8

    def test_they_share_a_transaction(self, start_server):
        server = start_server(WORKERS=1, DB_WRITE_EXECUTORS=1, GAUGE_REFRESH_S=3600)
        people = People(server)
        commits = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        with Crowd(server, people.parent(), self.SIZE) as crowd:
            ((before,),) = people.sql(commits)
            for _ in range(self.ROUNDS):
                assert crowd.get(*["/users/me"] * self.SIZE) == [200] * self.SIZE
            time.sleep(1.2)  # backends report what they did once a second
            crowd.get(*["/users/me"] * self.SIZE)
            time.sleep(0.2)
            ((after,),) = people.sql(commits)
        people.close()
        assert self.ROUNDS <= after - before < self.ROUNDS * self.SIZE / 2

    @pytest.mark.parametrize("place", [0, 3, SIZE - 1])
    def test_when_one_fails_the_others_are_answered(self, place, start_server):
        server = start_server(WORKERS=1, DB_STATEMENT_TIMEOUT_MS=300)
        people = People(server)
        paths = ["/users/me"] * self.SIZE
        paths[place] = "/activities/recent"
        with Crowd(server, people.parent(), self.SIZE) as crowd:
            assert crowd.get(*paths) == [200] * self.SIZE
            with locked(server, "LOCK TABLE activities IN ACCESS EXCLUSIVE MODE"):
                statuses = crowd.get(*paths)
        people.close()
        assert statuses.pop(place) == 503
        assert statuses == [200] * (self.SIZE - 1)

    def test_when_one_loses_the_connection_all_are_asked_again(self, start_server):
        server = start_server(WORKERS=1, DB_EXECUTORS=2)
        people = People(server)
        paths = ["/users/me"] * self.SIZE
        paths[self.SIZE // 2] = "/activities/recent"
        with Crowd(server, people.parent(), self.SIZE) as crowd, concurrent.futures.ThreadPoolExecutor() as pool:
            assert crowd.get(*paths) == [200] * self.SIZE
            with locked(server, "LOCK TABLE activities IN ACCESS EXCLUSIVE MODE"):
                statuses = pool.submit(crowd.get, *paths)
                wait_for_blocked(people)
                terminate_backends(people, "AND wait_event_type = 'Lock'")
                time.sleep(0.2)
            assert statuses.result() == [200] * self.SIZE
        people.close()

    def test_one_that_cannot_be_prepared_harms_no_other(self, start_server):
        server = start_server(WORKERS=1, DB_STATEMENT_TIMEOUT_MS=300)
        people = People(server)
        paths = ["/activities/recent"] * 4
        with Crowd(server, people.parent(), len(paths)) as crowd:
            with locked(server, "LOCK TABLE activities IN ACCESS EXCLUSIVE MODE"):
                assert crowd.get(*paths) == [503] * len(paths)
            assert crowd.get(*paths) == [200] * len(paths)
        people.close()


class TestLanes:
    """Slow work of one kind does not delay quick work of another."""

    def test_a_stuck_report_leaves_short_requests_alone(self, start_server):
        server = start_server(WORKERS=1)
        people = People(server)
        parent, child = people.family()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            with locked(server, "LOCK TABLE reward_adjustments IN ACCESS EXCLUSIVE MODE"):
                report = pool.submit(parent.get, "/reports/allowance-summary")
                wait_for_blocked(people)
                for _ in range(20):
                    assert child.get("/users/me").status_code == 200
                assert not report.done()
            assert report.result().status_code == 200
        people.close()

    def test_a_storm_of_logins_is_bounded_and_starves_nobody(self, start_server):
        server = start_server(WORKERS=1, PASSWORD_THREADS=1, PASSWORD_QUEUE=2)
        people = People(server)
        parent = people.parent()
        people.sql(
            "UPDATE users SET hashed_password = %s WHERE id = %s",
            "$2b$12$ABCDEFGHIJKLMNOPQRSTUuvKYfpLP2BSk4EBOp5Oi4WCykAGY6kbW",
            parent.id,
        )
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            logins = [pool.submit(people.log_in, parent.username, "wrong") for _ in range(16)]
            while not all(login.done() for login in logins):
                assert parent.get("/users/me").status_code == 200
        answers = [login.result() for login in logins]
        assert {a.status_code for a in answers} == {401, 503}
        refused = [a for a in answers if a.status_code == 503]
        assert all("retry-after" in a.headers for a in refused)
        metrics = server.metrics()
        assert metrics("chores_executor_refused_total", lane="password") == len(refused)
        assert metrics("user_login_failures_total") == len(answers) - len(refused)
        people.close()
