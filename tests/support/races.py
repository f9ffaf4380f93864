"""Requests that are made at once."""

import concurrent.futures
import contextlib
import threading
import time


def at_once(*requests):
    """Run them in parallel, each on a connection of its own: their answers.

    A request is whatever can be called; they are let go together.
    """
    return [f.result() for f in _start(requests)]


def behind(server, lock, parameters, *requests):
    """at_once(), while a row is locked that they need: its statement, FOR UPDATE.

    It is given free when they stand before it, so that they meet for sure.
    """
    with server.db() as connection, connection.transaction():
        connection.execute(lock, parameters)
        running = _start(requests)
        _until_waiting(server)
    return [f.result() for f in running]


class asks:
    """A request for at_once(), whose connection stands before it is made."""

    def __init__(self, person, method, path, body=None):
        self.person, self.method, self.path = person, method, path
        self.request = {} if body is None else {"json": body}

    def connect(self):
        self.client = self.person.server.client(self.person.token)
        self.client.get_api("/health")

    def __call__(self):
        with contextlib.closing(self.client):
            return self.client.api(self.path, self.method, **self.request)


def statuses(answers):
    return sorted(a.status_code for a in answers)


def ledger(people, child):
    """Amounts of a child's ledger."""
    return people.sql("SELECT amount::float8 FROM reward_adjustments WHERE child_id = %s", child.id)


def _start(requests):
    barrier = threading.Barrier(len(requests), timeout=10)

    def run(request):
        if isinstance(request, asks):
            request.connect()
        barrier.wait()
        return request()

    pool = concurrent.futures.ThreadPoolExecutor(len(requests))
    running = [pool.submit(run, request) for request in requests]
    pool.shutdown(wait=False)
    return running


def _until_waiting(server, seconds=4):
    """Until no more sessions come to wait for locks, but some do."""
    deadline = time.monotonic() + seconds
    waiting = 0
    with server.db() as connection:
        while True:
            time.sleep(0.1)
            ((now,),) = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            ).fetchall()
            if now > 0 and now == waiting:
                return
            waiting = now
            assert time.monotonic() < deadline, "nobody waits for the lock"
