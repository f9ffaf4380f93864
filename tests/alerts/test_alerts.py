"""Each alert fires by the fault that it is for, and stops when that is mended.

A real Prometheus has our rules with their times shortened: windows of minutes
are seconds, `for:` is a second. What the alerts look at stays as it is, but for
the thresholds in SHORTENED. Takes minutes: ./dev test alerts
"""

import concurrent.futures
import contextlib
import itertools
import os
import re
import shutil
import signal
import subprocess
import threading
import time

import httpx
import pytest

from support.ground import CERTIFICATE
from support.people import People, make_chore
from support.prometheus import RULES, Prometheus
from support.raw import Raw

# Where they stand in the rules, and what a test can wait for.
SHORTENED = {
    r"\[5m\]": "[6s]",
    r"\[1h\]": "[12s]",
    r"\[15m\]": "[60s]",
    r"for: \w+": "for: 1s",
    r"> 300\b": "> 4",  # ChoresGaugesStale: seconds
    r"> 1 and on": "> 0.2 and on",  # ChoresScrapeSlow: seconds, of a timeout of one
}


def shortened(name):
    text = (RULES / name).read_text()
    for pattern, replacement in SHORTENED.items():
        text = re.sub(pattern, replacement, text)
    return text


class Watch:
    """A Prometheus that watches one server."""

    def __init__(self, server, folder, **options):
        rules = {name: shortened(name) for name in ("recording.yml", "alerts.yml")}
        self.prometheus = Prometheus(server, folder, rules=rules, **options)

    def until(self, check, what, seconds=45):
        deadline = time.monotonic() + seconds
        while True:
            if check():
                return
            assert time.monotonic() < deadline, f"{what}; firing: {sorted(self.prometheus.firing())}"
            time.sleep(0.5)

    def is_quiet(self, *names):
        """None of them fires now."""
        assert not set(names) & set(self.prometheus.firing())

    def fires(self, *names):
        """All of them, and say in words what is the matter."""
        self.until(lambda: set(names) <= set(self.prometheus.firing()), f"{names} do not fire")
        for name in names:
            alert = self.prometheus.firing()[name]
            assert alert["labels"]["job"] == "chores-tls"
            assert re.search(r"\w", alert["annotations"]["summary"])
            assert not re.search(r"[{}<]|NaN", alert["annotations"]["summary"])

    def stops(self, *names):
        self.until(lambda: not set(names) & set(self.prometheus.firing()), f"{names} fire for ever")


@pytest.fixture
def watch(run_folder):
    """Watch a server, and see that nothing is wrong with it yet."""
    watches = []

    def watch(server, **options):
        folder = run_folder / f"watch-{sum(1 for _ in run_folder.iterdir())}"
        watches.append(Watch(server, folder, **options))
        watches[-1].until(lambda: watches[-1].prometheus.numbers("up") == [1], "the first scrape")
        return watches[-1]

    yield watch
    for one in watches:
        one.prometheus.stop()


@contextlib.contextmanager
def going_on(*deeds):
    """Each deed again and again beside what the test does, on a thread of its own."""
    over = threading.Event()

    def repeat(deed):
        while not over.is_set():
            with contextlib.suppress(httpx.TransportError):
                deed()

    with concurrent.futures.ThreadPoolExecutor(len(deeds)) as pool:
        running = [pool.submit(repeat, deed) for deed in deeds]
        try:
            yield
        finally:
            over.set()
        for one in running:
            one.result()


def asking(person, path, pause=0.05):
    """A deed: the request of somebody who is in no hurry."""

    def ask():
        person.get(path)
        time.sleep(pause)

    return ask


@pytest.fixture
def people_of():
    made = []

    def people_of(server):
        made.append(People(server))
        return made[-1]

    yield people_of
    for people in made:
        people.close()


def test_a_server_that_is_gone(start_server, watch):
    server = start_server()
    seen = watch(server)
    seen.is_quiet("ChoresInstanceDown")
    server.stop()
    seen.fires("ChoresInstanceDown")
    server.start()
    seen.stops("ChoresInstanceDown")


def test_a_table_that_is_broken(start_server, watch, people_of):
    server = start_server()
    people = people_of(server)
    parent = people.parent()
    seen = watch(server)
    errors = ("ChoresErrorsFast", "ChoresErrorsSlow", "ChoresDatabaseErrors")
    with going_on(asking(parent, "/activities/recent")):
        seen.until(lambda: seen.prometheus.numbers("job:chores_errors:ratio_rate1h") == [0], "no traffic")
        seen.is_quiet(*errors)
        people.sql("ALTER TABLE activities RENAME TO lost")
        seen.fires(*errors)
        people.sql("ALTER TABLE lost RENAME TO activities")
        seen.stops(*errors)


def test_a_lock_that_slows_requests(start_server, watch, people_of):
    server = start_server()
    parent, _ = people_of(server).family()
    seen = watch(server)
    alerts = ("ChoresLatencyFast", "ChoresLatencySlow")

    def lock_often():
        with server.db() as db, db.transaction():
            db.execute("LOCK TABLE chores IN ACCESS EXCLUSIVE MODE")
            time.sleep(0.8)
        time.sleep(0.05)

    # with pauses, or the quick ones between two locks would outnumber the slow
    with going_on(*[asking(parent, "/chores", 0.3)] * 6):
        seen.until(lambda: seen.prometheus.numbers("job:chores_slow:ratio_rate1h"), "no traffic")
        seen.is_quiet(*alerts)
        with going_on(lock_often):
            seen.fires(*alerts)
        seen.stops(*alerts)


def test_a_database_that_is_away(own_cluster, start_server, watch):
    server = start_server(own_cluster.create(), GAUGE_REFRESH_S=1)
    seen = watch(server)
    alerts = ("ChoresDatabaseDown", "ChoresGaugesStale")
    time.sleep(3)
    seen.is_quiet(*alerts)
    own_cluster.stop()
    try:
        seen.fires(*alerts)
    finally:
        own_cluster.start()
    seen.stops(*alerts)


def test_gauges_that_cannot_be_read(start_server, watch, people_of):
    """From the start, and again after they could be."""
    server = start_server(GAUGE_REFRESH_S=1)
    people = people_of(server)
    spoil, mend = "ALTER TABLE chore_assignments RENAME %s TO %s", ("is_completed", "spoilt")
    people.sql(spoil % mend)
    server.restart()
    seen = watch(server)
    seen.fires("ChoresGaugesStale")
    people.sql(spoil % mend[::-1])
    seen.stops("ChoresGaugesStale")
    people.sql(spoil % mend)
    seen.fires("ChoresGaugesStale")


def test_storms_of_logins(start_server, watch, people_of):
    server = start_server(WORKERS=1, PASSWORD_THREADS=1, PASSWORD_QUEUE=4)
    people = people_of(server)
    parent = people.parent()
    # as slow to check as a password of production
    people.sql("UPDATE users SET hashed_password = %s", "$2b$12$ABCDEFGHIJKLMNOPQRSTUuvKYfpLP2BSk4EBOp5Oi4WCykAGY6kbW")
    seen = watch(server)
    alerts = ("ChoresSaturated", "ChoresQueuesSlow")

    def log_in():
        people.log_in(parent.username, "wrong")

    with going_on(log_in):
        time.sleep(3)
        seen.is_quiet(*alerts)
    with going_on(*[log_in] * 12):
        seen.fires(*alerts)
    seen.stops(*alerts)


def test_more_connections_than_there_may_be(start_server, watch):
    server = start_server(HTTP_CONNECTIONS_PER_ADDRESS=8)
    seen = watch(server)
    time.sleep(2)
    seen.is_quiet("ChoresConnectionsFull")

    def crowd():
        with contextlib.ExitStack() as open_ones:
            for _ in range(30):
                with contextlib.suppress(OSError):
                    open_ones.enter_context(Raw(server))
            time.sleep(0.5)

    with going_on(crowd):
        seen.fires("ChoresConnectionsFull")
    seen.stops("ChoresConnectionsFull")


def test_workers_that_hardly_run(start_server, watch):
    """As on a machine without CPU: a worker is stopped most of the time."""
    server = start_server(WORKERS=1)
    seen = watch(server)
    alerts = ("ChoresEventLoopBlocked", "ChoresScrapeSlow")
    time.sleep(3)
    seen.is_quiet(*alerts)
    (worker,) = server.workers()

    def stop_and_go():
        os.kill(worker, signal.SIGSTOP)
        time.sleep(0.75)
        os.kill(worker, signal.SIGCONT)
        time.sleep(0.05)

    with going_on(stop_and_go):
        seen.fires(*alerts)
    seen.stops(*alerts)


class TestCertificate:
    @pytest.fixture
    def renewable(self, start_server, run_folder, watch):
        """A server with certificate files of its own; how to write them; its watch.

        Prometheus knows the present certificate and one that is soon to expire.
        """
        folder = run_folder / "certificates"
        folder.mkdir()
        present, key = CERTIFICATE, CERTIFICATE.with_name("key.pem")
        soon = folder / "soon.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-key", key, "-sha256", "-days", "5", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", soon], check=True, capture_output=True)  # fmt: skip
        both = folder / "both.pem"
        both.write_text(present.read_text() + soon.read_text())
        used = folder / "used.pem"
        shutil.copy(present, used)
        server = start_server(TLS_CERT_FILE=used, TLS_KEY_FILE=key)

        def use(text):
            used.write_text(text)
            server.signal(signal.SIGHUP)

        yield use, present.read_text(), soon.read_text(), watch(server, certificates=both)
        shutil.rmtree(folder)

    def test_one_that_expires_soon(self, renewable):
        use, present, soon, seen = renewable
        time.sleep(2)
        seen.is_quiet("ChoresCertificateExpires")
        use(soon)
        seen.fires("ChoresCertificateExpires")
        use(present)
        seen.stops("ChoresCertificateExpires")

    def test_one_that_is_none(self, renewable):
        use, present, _, seen = renewable
        time.sleep(2)
        seen.is_quiet("ChoresReloadFailed")
        use("no certificate")
        seen.fires("ChoresReloadFailed")
        use(present)
        seen.stops("ChoresReloadFailed")


def test_an_approval_that_nobody_gives(start_server, watch, people_of):
    server = start_server(GAUGE_REFRESH_S=1)
    people = people_of(server)
    parent, child = people.family()
    chore = make_chore(parent, child)
    child.post(f"/chores/{chore['id']}/complete")
    seen = watch(server)
    people.sql("UPDATE chore_assignments SET completion_date = now() - interval '6 days'")
    time.sleep(3)
    seen.is_quiet("ChoresApprovalsStuck")
    people.sql("UPDATE chore_assignments SET completion_date = now() - interval '8 days'")
    seen.fires("ChoresApprovalsStuck")
    parent.post(f"/chores/{chore['id']}/approve", {})
    seen.stops("ChoresApprovalsStuck")


def test_workers_that_die_and_die(start_server, watch):
    server = start_server()
    seen = watch(server)
    for _ in range(2):
        kill(server)
    time.sleep(3)
    seen.is_quiet("ChoresWorkersRestart")
    kill(server)
    seen.fires("ChoresWorkersRestart")


def kill(server):
    """One worker; back when another has taken its place."""
    killed = server.kill_worker()
    for _ in itertools.takewhile(lambda _: killed in server.workers() or len(server.workers()) < 2, range(200)):
        time.sleep(0.05)
    time.sleep(1.2)  # it is to be scraped
