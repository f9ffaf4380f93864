"""Every answer is right while PostgreSQL ends connections, cancels statements and holds locks."""

import collections
import concurrent.futures
import json
import random
import threading
import time

import pytest

from support.people import People
from support.raw import Raw

SECONDS = 6
FAMILIES = 6
BURST = 8  # reads that arrive together
TABLES = ("activities", "chores", "reward_adjustments", "users")


class Faults:
    """One after the other, until told to stop; all at random."""

    OURS = "FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'chores%'"

    def __init__(self, server, seed):
        self._server, self._random = server, random.Random(seed)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        with self._server.db() as db:
            while not self._over.wait(self._random.uniform(0, 0.15)):
                fault = self._random.choice([self._terminate, self._cancel, self._cancel, self._lock])
                fault(db)

    def _terminate(self, db):
        db.execute(f"SELECT pg_terminate_backend(pid) {self.OURS} AND state <> 'idle' ORDER BY random() LIMIT 1")

    def _cancel(self, db):
        db.execute(f"SELECT pg_cancel_backend(pid) {self.OURS} AND state <> 'idle'")

    def _lock(self, db):
        """Some are held for longer than a statement may take."""
        with db.transaction():
            db.execute(f"LOCK TABLE {self._random.choice(TABLES)} IN ACCESS EXCLUSIVE MODE")
            time.sleep(self._random.uniform(0, 0.5))

    def stop(self):
        self._over.set()
        self._thread.join()


class Family:
    """Writes a dollar at a time and reads, in bursts, what it must find: its own, and all that was confirmed."""

    def __init__(self, people, seed):
        self.parent, self.child = people.family()
        self.statuses = collections.Counter()
        self.confirmed, self.unknown = set(), set()
        self._random = random.Random(seed)
        self._connections = [Raw(people.server, timeout=60) for _ in range(BURST)]
        self._reads = (
            (self.parent, "/users/me", self._is_me),
            (self.child, "/users/me", self._is_me),
            (self.child, f"/adjustments/total/{self.child.id}", self._is_total),
            (self.parent, f"/adjustments/child/{self.child.id}?limit=5", self._are_ours),
            (self.parent, "/activities/recent", self._are_my_activities),
        )

    def run(self, until):
        while time.monotonic() < until:
            self._write()
            for _ in range(self._random.randrange(3)):
                self._read()
        for connection in self._connections:
            connection.socket.close()

    def _ask(self, connection, person, method, path, body=None):
        text = "" if body is None else json.dumps(body)
        connection.send(
            f"{method} /api/v1{path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {person.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n{text}"
        )

    def _write(self):
        reason = f"{self.child.id}: {sum(self.statuses.values())}"
        body = {"child_id": self.child.id, "amount": "1.00", "reason": reason}
        self._ask(self._connections[0], self.parent, "POST", "/adjustments/", body)
        status = self._connections[0].answer().status
        self.statuses["write", status] += 1
        {201: self.confirmed, 503: set(), 504: self.unknown}[status].add(reason)

    def _read(self):
        reads = self._random.choices(self._reads, k=BURST)
        for connection, (person, path, _) in zip(self._connections, reads, strict=True):
            self._ask(connection, person, "GET", path)
        for connection, (person, _, check) in zip(self._connections, reads, strict=True):
            answer = connection.answer()
            self.statuses["read", answer.status] += 1
            assert answer.status in (200, 503), answer.body
            if answer.status == 200:
                check(person, json.loads(answer.body))

    def _is_me(self, person, me):
        assert (me["id"], me["username"]) == (person.id, person.username)

    def _is_total(self, _, answer):
        dollars = float(answer["total_adjustments"])
        assert len(self.confirmed) <= dollars <= len(self.confirmed) + len(self.unknown)

    def _are_ours(self, _, adjustments):
        reasons = {a["reason"] for a in adjustments}
        assert all(a["child_id"] == self.child.id for a in adjustments)
        assert reasons <= self.confirmed | self.unknown
        assert len(reasons) >= min(5, len(self.confirmed))

    def _are_my_activities(self, person, answer):
        assert {a["user_id"] for a in answer["activities"]} <= {person.id}

    def assert_written(self, people):
        """What was confirmed, once; of the rest only what nobody knew."""
        rows = [r for (r,) in people.sql("SELECT reason FROM reward_adjustments WHERE child_id = %s", self.child.id)]
        assert len(rows) == len(set(rows))
        assert self.confirmed <= set(rows) <= self.confirmed | self.unknown


@pytest.mark.slow
def test_each_is_its_askers_and_knows_what_was_confirmed(start_server):
    seed = random.randrange(1 << 32)
    print("seed", seed)
    server = start_server(WORKERS=1, DB_EXECUTORS=2, DB_STATEMENT_TIMEOUT_MS=250)
    people = People(server)
    families = [Family(people, seed + n) for n in range(FAMILIES)]
    faults = Faults(server, seed)
    until = time.monotonic() + SECONDS
    try:
        with concurrent.futures.ThreadPoolExecutor(FAMILIES) as pool:
            for done in [pool.submit(family.run, until) for family in families]:
                done.result()
    finally:
        faults.stop()
    statuses = sum((family.statuses for family in families), collections.Counter())
    print(dict(statuses))
    for family in families:
        family.assert_written(people)
    people.close()
    assert statuses["read", 200] > 100 and statuses["write", 201] > 10
    assert statuses["read", 503] + statuses["write", 503] > 0
