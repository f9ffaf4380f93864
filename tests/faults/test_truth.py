"""Metrics tell the truth under fire: load, dead workers, reloads, no database."""

import collections
import concurrent.futures
import functools
import itertools
import os
import signal
import statistics
import threading
import time

import httpx
import pytest

from support import waiting
from support.people import People, make_chore, token_for
from support.raw import Raw

eventually = functools.partial(waiting.eventually, seconds=15)

HISTOGRAMS = ("http_request_duration_highr_seconds", "http_request_duration_seconds", "chore_completion_time_seconds",
              "reward_adjustments_amount", "chores_db_queue_wait_seconds", "chores_db_statement_duration_seconds",
              "chores_event_loop_delay_seconds", "chores_metrics_scrape_duration_seconds")  # fmt: skip


FLOODS = 2  # connections that pipeline
PIPELINE = 100  # requests at once


class Load:
    """Known traffic over several connections, until it is told to stop.

    answers  how many of each (method, template, status)
    lost     requests whose answer never came, of each (method, template)
    """

    def __init__(self, people, connections=6):
        self.answers, self.lost = collections.Counter(), collections.Counter()
        self._server = people.server
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._pool = concurrent.futures.ThreadPoolExecutor(connections + FLOODS)
        families = [people.family() for _ in range(connections)]
        self._futures = [self._pool.submit(self._run, n, *family) for n, family in enumerate(families)]
        self._futures += [self._pool.submit(self._flood) for _ in range(FLOODS)]

    def _run(self, number, parent, child):
        clients = {}
        try:
            for _ in itertools.takewhile(lambda _: not self._over.is_set(), itertools.count()):
                self._tell(clients, number % 2 == 0, parent, child)
        finally:
            for client in clients.values():
                client.close()

    def _flood(self):
        """Requests so close to each other that every scrape comes in between."""
        key = "GET", "/api/v1/health"
        while not self._over.is_set():
            answered = 0
            try:
                with Raw(self._server) as raw:
                    while not self._over.is_set():
                        answered = 0
                        raw.send(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n" * PIPELINE)
                        while answered < PIPELINE:
                            assert raw.answer().status == 200
                            answered += 1
                        with self._lock:
                            self.answers[*key, "200"] += PIPELINE
            except (OSError, EOFError):
                with self._lock:
                    self.answers[*key, "200"] += answered
                    self.lost[key] += PIPELINE - answered

    def _tell(self, clients, plain, parent, child):
        """A little of everything: two chores, one approved and one rejected, and errors."""

        def ask(person, method, path, template=None, **request):
            if self._over.is_set():
                return None
            return self._ask(clients, plain, person, method, path, template, request)

        chore = {"title": "T", "description": "D", "reward": 2.5, "assignment_mode": "single", "assignee_ids": [child.id]}
        for verdict, body in (("approve", {}), ("reject", {"rejection_reason": "again"})):
            made = ask(parent, "POST", "/chores", json=chore)
            if made is None or made.status_code != 201:
                continue
            path = f"/chores/{made.json()['id']}"
            ask(child, "POST", f"{path}/complete", "/chores/{chore_id}/complete")
            ask(parent, "POST", f"{path}/{verdict}", f"/chores/{{chore_id}}/{verdict}", json=body)
        ask(parent, "POST", "/adjustments/", json={"child_id": child.id, "amount": 7, "reason": "known"})
        ask(child, "GET", "/users/me")
        ask(parent, "GET", "/chores/999999999", "/chores/{chore_id}")
        ask(child, "GET", "/users/my-children")
        ask(parent, "POST", "/chores", json={"title": ""})
        ask(None, "GET", "/users/me")
        ask(None, "DELETE", "/health")

    def _ask(self, clients, plain, person, method, path, template, request):
        if person not in clients:
            clients[person] = self._server.client(person and person.token, plain=plain)
        key = method, f"/api/v1{template or path}"
        try:
            answer = clients[person].request(method, f"/api/v1{path}", **request)
        except httpx.TransportError:
            clients.pop(person).close()
            with self._lock:
                self.lost[key] += 1
            return None
        with self._lock:
            self.answers[*key, str(answer.status_code)] += 1
        return answer

    def stop(self):
        self._over.set()
        for future in self._futures:
            future.result()
        self._pool.shutdown()


class Scraper:
    """Scrapes without a pause until it is told to stop, and keeps the pages and how long each took."""

    def __init__(self, server):
        self.pages, self.seconds = [], []
        self._server = server
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while not self._over.is_set():
            started = time.monotonic()
            try:
                self.pages.append(self._server.metrics())
            except httpx.TransportError:  # its worker was killed
                continue
            self.seconds.append(time.monotonic() - started)
            time.sleep(0.02)

    def stop(self):
        self._over.set()
        self._thread.join()


def by(page, name, *labels):
    """Sums of a sample name by some of its labels."""
    sums = collections.Counter()
    for have in page.series(name):
        sums[tuple(have[label] for label in labels)] += page(name, **have)
    return sums


def assert_agrees_with_itself(page):
    """All that one page says of the same requests is the same."""
    for name in HISTOGRAMS:
        buckets = collections.defaultdict(list)
        for have in page.series(f"{name}_bucket"):
            rest = frozenset((k, v) for k, v in have.items() if k != "le")
            buckets[rest].append((float(have["le"]), page(f"{name}_bucket", **have)))
        for labels, found in buckets.items():
            counts = [count for _, count in sorted(found)]
            assert counts == sorted(counts)
            assert counts[-1] == page(f"{name}_count", **dict(labels)), name
    requests = by(page, "http_requests_total", "handler", "method")
    assert requests == by(page, "http_request_duration_seconds_count", "handler", "method")
    assert requests.total() == page("http_request_duration_highr_seconds_count")
    handlers = by(page, "http_requests_total", "handler")
    assert handlers == by(page, "http_request_size_bytes_count", "handler")
    assert handlers == by(page, "http_response_size_bytes_count", "handler")
    statuses = by(page, "http_requests_total", "handler", "status")
    errors = collections.Counter({k: n for k, n in statuses.items() if k[1] >= "400" and n})
    assert errors == by(page, "api_errors_total", "endpoint", "status_code")


def assert_never_falls(pages):
    """No counter, count, sum or bucket is less than a scrape before said."""
    kinds = ("counter", "histogram", "summary")
    last = {}
    for page in pages:
        for family in page.families.values():
            for sample in family.samples if family.type in kinds else ():
                key = sample.name, frozenset(sample.labels.items())
                assert sample.value >= last.get(key, 0), key
                last[key] = sample.value


# counter: its labels, the operation that moves it, the good answer
EVENTS = {
    "chores_created_total": ({"mode": "single"}, "POST", "/api/v1/chores", "201"),
    "assignments_created_total": ({"mode": "single"}, "POST", "/api/v1/chores", "201"),
    "chores_completed_total": ({"mode": "single"}, "POST", "/api/v1/chores/{chore_id}/complete", "200"),
    "chore_completion_time_seconds_count": ({"mode": "single"}, "POST", "/api/v1/chores/{chore_id}/complete", "200"),
    "chores_approved_total": ({"mode": "single"}, "POST", "/api/v1/chores/{chore_id}/approve", "200"),
    "chores_rejected_total": ({"mode": "single"}, "POST", "/api/v1/chores/{chore_id}/reject", "200"),
    "reward_adjustments_total": ({"type": "bonus"}, "POST", "/api/v1/adjustments/", "201"),
    "reward_adjustments_amount_count": ({"type": "bonus"}, "POST", "/api/v1/adjustments/", "201"),
}


def assert_counted(before, after, load):
    """Every counter's difference is what the answers say, give or take the lost."""

    def moved(name, **labels):
        return (after.get(name, **labels) or 0) - (before.get(name, **labels) or 0)

    for (method, template, status), count in load.answers.items():
        lost = load.lost[method, template]
        counted = moved("http_requests_total", handler=template, method=method, status=status)
        assert count <= counted <= count + lost, (method, template, status)
    for name, (labels, method, template, status) in EVENTS.items():
        count, lost = load.answers[method, template, status], load.lost[method, template]
        assert count <= moved(name, **labels) <= count + lost, name
    assert round(moved("rewards_paid_total") * 100) == 250 * moved("chores_approved_total", mode="single")
    known = {(m, t) for m, t, _ in load.answers} | set(load.lost)
    for labels in after.series("http_requests_total"):
        if (labels["method"], labels["handler"]) not in known:
            assert moved("http_requests_total", **labels) == 0, labels
    for mode in ("multi_independent", "unassigned"):
        assert moved("chores_created_total", mode=mode) == moved("chores_approved_total", mode=mode) == 0
    assert moved("reward_adjustments_total", type="penalty") == 0


def is_quiet(page):
    return page.total("http_requests_inprogress") == 0


@pytest.fixture
def served(start_server):
    server = start_server(WORKERS=2, GAUGE_REFRESH_S=1)
    people = People(server)
    yield server, people
    people.close()


def under_fire(server, people, *shots):
    """Pages before and after a load during which ${shots} are fired; the load, the scrapes between."""
    before = server.metrics()
    load, scraper = Load(people), Scraper(server)
    try:
        for shot in shots:
            time.sleep(0.7)
            shot()
        time.sleep(0.7)
    finally:
        load.stop()
        scraper.stop()
    eventually(lambda: is_quiet(server.metrics()), "requests in progress that nobody makes")
    return before, server.metrics(), load, scraper.pages


def test_of_reloads_nothing_is_lost(served):
    server, people = served
    before, after, load, pages = under_fire(server, people, *[lambda: server.signal(signal.SIGHUP)] * 2)
    assert load.lost == {}
    assert len(load.answers) == 12
    assert_counted(before, after, load)
    assert_never_falls([before, *pages, after])
    for page in [*pages, after]:
        assert_agrees_with_itself(page)
    assert len(pages) > 3


def test_of_killed_workers_only_lost_answers_are_in_doubt(served):
    server, people = served
    workers = server.workers()

    def kill(index):
        killed = server.kill_worker(index)
        eventually(lambda: len(server.workers()) == 2 and killed not in server.workers(), "no new worker")

    before, after, load, pages = under_fire(
        server, people, lambda: kill(0), lambda: server.signal(signal.SIGHUP), lambda: kill(1)
    )
    assert not set(server.workers()) & set(workers)
    assert sum(load.answers.values()) > sum(load.lost.values())
    assert_counted(before, after, load)
    assert_never_falls([before, *pages, after])
    for page in [*pages, after]:
        assert_agrees_with_itself(page)
    assert after("chores_worker_restarts_total") == 2
    eventually(lambda: server.metrics()("chores_workers") == 2, "two workers")
    ((pending,),) = people.sql("SELECT count(*) FROM chore_assignments WHERE is_completed AND NOT is_approved")
    eventually(lambda: server.metrics()("pending_approvals_count") == pending, "pending approvals of the database")


def test_a_restart_begins_at_zero_with_gauges_that_are_right(served):
    server, people = served
    parent, child = people.family()
    for _ in range(3):
        child.post(f"/chores/{make_chore(parent, child)['id']}/complete")
    server.stop()
    server.start(ready="/metrics")
    first = server.metrics()
    eventually(lambda: is_ready(server), "not ready")
    page = server.metrics()
    for name, *_ in EVENTS.items():
        assert page.total(name) == 0
    assert first.total("http_requests_total") == page.total("chores_executor_refused_total") == 0
    assert page.total("database_errors_total") == page("chores_worker_restarts_total") == 0
    assert page("active_users_count") == 0
    # what is not known yet is not there
    assert first.get("pending_approvals_count") in (None, 3)
    assert page("chores_db_up") == page("chores_config_last_reload_successful") == 1
    assert (page("pending_approvals_count"), page("families_active_count")) == (3, 1)
    assert page("chores_pending_approvals_oldest_seconds") > 0


def is_ready(server):
    with server.client(plain=True) as client:
        return client.get("/api/v1/health/ready").status_code == 200


def test_strangers_add_no_series(served):
    server, people = served
    parent, child = people.family()

    def visit(salt):
        with server.client(parent.token, plain=True) as client:
            for path in (f"/{salt}", f"/api/v1/{salt}", f"/api/v1/chores/{salt}", f"/api/v1/users/{salt}/me", "/api/v1/chores"):
                for method in ("GET", "POST", "DELETE", "OPTIONS", f"M{salt.upper()}"):
                    client.request(method, f"{path}?{salt}={salt}", headers={"x-request-id": salt, "user-agent": salt})
            chore = {"title": salt, "description": salt, "assignment_mode": salt, "assignee_ids": []}
            client.post("/api/v1/chores", json=chore)
            client.post("/api/v1/users/login", data={"username": salt})

    def series():
        return {line.rsplit(" ", 1)[0] for line in server.metrics().text.splitlines() if not line.startswith("#")}

    # each kind of answer adds its series once; a scrape is measured from the second on
    visit("warm-up")
    series()
    before = series()
    for number in range(5):
        visit(f"stranger{number}")
    assert series() == before


@pytest.mark.timing
def test_active_users_are_counted_exactly_within_a_window_that_slides(start_server):
    window, many, few = 5, 3000, 1000
    server = start_server(WORKERS=2, ACTIVE_USERS_WINDOW_S=window)
    with server.db() as db:
        ids = [i for (i,) in db.execute(
            "INSERT INTO users (username, hashed_password, is_parent, email)"
            " SELECT 'u' || n, 'x', true, 'u' || n || '@example.com' FROM generate_series(1, %s) n RETURNING id", (many,)
        ).fetchall()]  # fmt: skip
    requests = [_request_of(i) for i in ids]
    seen = []
    over = threading.Event()

    def watch():
        while not over.is_set():
            count = server.metrics()("active_users_count")
            seen.append((time.monotonic(), count))
            time.sleep(0.1)

    watcher = None
    try:
        started = time.monotonic()
        _ask_all(server, requests)
        first_end = time.monotonic()
        watcher = threading.Thread(target=watch)
        watcher.start()
        time.sleep(2)
        second = time.monotonic()
        _ask_all(server, requests[:few])
        second_end = time.monotonic()
        time.sleep(window + 0.6)
    finally:
        over.set()
        if watcher:
            watcher.join()

    def between(begin, end):
        return {count for moment, count in seen if begin <= moment < end}

    # a user is active for all of the window but the second that it ends in
    assert between(first_end, started + window - 1) == {many}
    assert between(first_end + window + 0.1, second + window - 1) == {few}
    assert between(second_end + window + 0.1, seen[-1][0] + 1) == {0}


def _request_of(user_id):
    return f"GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token_for(user_id)}\r\n\r\n".encode()


def _ask_all(server, requests, connections=4):
    """Pipelined, a few dozen at a time, over several connections."""

    def run(mine):
        with Raw(server) as raw:
            for start in range(0, len(mine), 25):
                some = mine[start : start + 25]
                raw.send(b"".join(some))
                assert {raw.answer().status for _ in some} == {200}

    with concurrent.futures.ThreadPoolExecutor(connections) as pool:
        list(pool.map(run, [requests[n::connections] for n in range(connections)]))


class TestWithoutDatabase:
    def test_scrapes_are_as_quick_and_as_true(self, own_cluster, start_server):
        server = start_server(own_cluster.create(), WORKERS=2)
        people = People(server)
        before = server.metrics()
        load = Load(people)
        people.close()
        scrapers = []
        try:
            for change in (lambda: None, own_cluster.stop):
                change()
                scrapers.append(Scraper(server))
                time.sleep(1.5)
                scrapers[-1].stop()
            load.stop()
            after = server.metrics()
        finally:
            load.stop()
            own_cluster.start()
        up, down = scrapers
        assert statistics.median(down.seconds) < 5 * statistics.median(up.seconds)
        assert down.pages[-1]("chores_db_up") == 0
        assert any(status == "503" for _, _, status in load.answers)
        assert_counted(before, after, load)
        assert_never_falls([before, *up.pages, *down.pages, after])
        for page in [*up.pages, *down.pages, after]:
            assert_agrees_with_itself(page)

    def test_a_new_worker_says_that_it_is_away(self, own_cluster, start_server):
        """Its predecessor was connected, and could not say any more that it lost it."""
        server = start_server(own_cluster.create(), WORKERS=1)
        assert server.metrics()("chores_db_up") == 1
        (worker,) = server.workers()
        os.kill(worker, signal.SIGSTOP)
        try:
            own_cluster.stop()
            server.kill_worker()
            eventually(lambda: server.workers() not in ([], [worker]), "no new worker")
            eventually(lambda: server.metrics()("chores_db_up") == 0, "chores_db_up is still 1", seconds=5)
        finally:
            own_cluster.start()
        eventually(lambda: server.metrics()("chores_db_up") == 1, "chores_db_up is still 0")

