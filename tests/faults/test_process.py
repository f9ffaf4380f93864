"""What systems do to processes: signals that come together, few files, no memory, a log that nobody reads."""

import contextlib
import fcntl
import os
import pathlib
import resource
import signal
import time

import pytest

from support.raw import Raw
from support.waiting import eventually

UPLOAD = b"POST /api/v1/chores HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n" + b" " * 999999
GET = b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n"


class TestSignalsTogether:
    """They arrive while the parent doesn't run, as on a busy machine."""

    @contextlib.contextmanager
    def stopped(self, server):
        server.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            server.signal(signal.SIGCONT)

    def test_a_reload_and_a_death_are_both_dealt_with(self, start_server):
        server = start_server()
        before = server.metrics()("chores_config_last_reload_success_timestamp_seconds")
        workers = server.workers()
        with self.stopped(server):
            killed = server.kill_worker()
            server.signal(signal.SIGHUP)
        eventually(lambda: killed not in server.workers() and len(server.workers()) == len(workers))
        eventually(lambda: server.metrics()("chores_config_last_reload_success_timestamp_seconds") > before)


class TestStoppedProcesses:
    def test_the_others_accept(self, start_server):
        server = start_server(WORKERS=3)
        stopped = [server.pid, *server.workers()[:2]]
        try:
            for pid in stopped:
                os.kill(pid, signal.SIGSTOP)
            for _ in range(20):
                with Raw(server, timeout=2) as raw:
                    assert raw.send(GET).answer().status == 200
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)


class TestFiles:
    """A low limit of open files: ulimit -n."""

    def test_with_too_few_it_does_not_start_and_says_so(self, start_server):
        server = start_server(wait=False)
        server.most_files = 48
        status, log = server.refuses_to_start()
        assert status == 1
        assert "ulimit -n" in log

    @pytest.mark.timing
    def test_more_connections_than_files_are_no_trouble(self, start_server):
        server = start_server(wait=False, WORKERS=1, DB_WRITE_EXECUTORS=2)
        server.most_files = 128
        server.start()
        crowd = [Raw(server) for _ in range(200)]
        (worker,) = server.workers()
        used = cpu_seconds(worker)
        for _ in range(5):
            with Raw(server) as raw:
                assert raw.send(GET).answer().status == 200
            time.sleep(0.1)
        assert cpu_seconds(worker) - used < 0.25
        for raw in crowd:
            raw.socket.close()


def cpu_seconds(pid):
    """Of all its threads, so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class TestNoMemory:
    @pytest.mark.slow
    def test_a_worker_that_cannot_start_is_not_tried_a_thousand_times(self, start_server):
        server = start_server(WORKERS=1)
        server.deaths_expected = True
        limits = resource.prlimit(server.pid, resource.RLIMIT_AS)
        enough_for_the_parent = memory_bytes(server.pid) + 4 * 2**20
        resource.prlimit(server.pid, resource.RLIMIT_AS, (enough_for_the_parent, limits[1]))
        try:
            server.kill_worker()
            time.sleep(2)
            tries = server.log().count("restarting worker 1")
        finally:
            resource.prlimit(server.pid, resource.RLIMIT_AS, limits)
        assert 1 <= tries <= 4
        eventually(lambda: is_ready(server))


    @pytest.mark.untraced
    def test_a_worker_that_runs_out_of_it_says_so_and_another_comes(self, start_server):
        server = start_server(WORKERS=1)
        server.deaths_expected = True
        (worker,) = server.workers()
        _, most = resource.prlimit(worker, resource.RLIMIT_AS)
        resource.prlimit(worker, resource.RLIMIT_AS, (memory_bytes(worker), most))
        crowd = [Raw(server) for _ in range(50)]
        for raw in crowd:
            with contextlib.suppress(OSError):
                raw.send(UPLOAD)
        eventually(lambda: "most likely out of memory" in server.log())
        eventually(lambda: is_ready(server))
        assert worker not in server.workers()
        for raw in crowd:
            raw.socket.close()


def memory_bytes(pid):
    """The addresses that it uses."""
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def is_ready(server):
    try:
        with server.client(plain=True) as client:
            return client.get("/api/v1/health/ready").status_code == 200
    except Exception:
        return False


class TestNiceness:
    def test_threads_that_hash_passwords_are_nicer_than_the_others(self, start_server):
        """As systemd's Nice=, a batch queue or nice(1) start it."""
        server = start_server(wait=False, WORKERS=1, PASSWORD_THREADS=2)
        server.niceness = 10
        (worker,) = server.start().workers()
        usual = os.getpriority(os.PRIO_PROCESS, worker)
        threads = [int(task.name) for task in pathlib.Path(f"/proc/{worker}/task").iterdir()]
        nicer = [tid for tid in threads if os.getpriority(os.PRIO_PROCESS, tid) > usual]
        assert len(nicer) == 2


class TestUnreadLog:
    def test_stops_nobody_and_tells_what_it_lost(self, start_server):
        server = start_server(wait=False, LOG_LEVEL="debug")
        log = server.folder / "server.log"
        os.mkfifo(log)
        reader = os.open(log, os.O_RDONLY | os.O_NONBLOCK)
        fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, 4096)
        try:
            server.start()
            with server.client(plain=True) as client:
                for _ in range(100):
                    assert client.get("/api/v1/health").status_code == 200
            read_all(reader)
            assert is_ready(server)
            eventually(lambda: b"lines were lost here" in read_all(reader) or not is_ready(server))
        finally:
            log.unlink()
            log.touch()
            os.close(reader)


def test_closed_outputs_are_not_replaced_by_sockets(start_server):
    """A line of the log would reach a client, or PostgreSQL."""
    server = start_server(wait=False)
    server.has_outputs = False
    server.start()
    for pid in [server.pid, *server.workers()]:
        assert [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in (1, 2)] == ["/dev/null"] * 2


class TestScheduling:
    """Of the parent, the workers and their threads."""

    def policies(self, server):
        processes = [server.pid, *server.workers()]
        threads = [int(task.name) for pid in processes for task in pathlib.Path(f"/proc/{pid}/task").iterdir()]
        assert len(threads) > len(processes)
        return {os.sched_getscheduler(thread) for thread in threads}

    def test_who_is_woken_waits_for_who_runs(self, start_server):
        assert self.policies(start_server()) == {os.SCHED_BATCH}

    def test_what_it_was_started_with_is_kept(self, start_server):
        server = start_server(wait=False)
        server.scheduled_as = os.SCHED_IDLE
        server.start()
        assert self.policies(server) == {os.SCHED_IDLE}


def read_all(descriptor):
    read = b""
    with contextlib.suppress(BlockingIOError):
        while more := os.read(descriptor, 65536):
            read += more
    return read
