"""Servers under test: the built module, run by Kore in a folder of its own."""

import os
import pathlib
import re
import resource
import shutil
import signal
import ssl
import subprocess
import time

import httpx
import psycopg

from support.client import Client
from support.ground import CERTIFICATE, ROOT, free_port
from support.samples import Samples

FLAVOR = os.environ.get("CHORES_FLAVOR", "dev")
SANITIZER_FIRST = ROOT / ".build" / "asan" / "first.so"
SECRET_KEY = "a-key-of-the-tests-that-is-long-enough"
START_SECONDS = 60 if FLAVOR == "asan" else 20

# Nothing else of the caller's environment reaches a server.
INHERITED = ("PATH", "HOME", "LANG")


class Server:
    """One server. Settings are environment variables; None takes one away.

    url, plain_url  where it listens with and without TLS
    pid             of Kore's parent
    """

    def __init__(self, folder, database_url, **settings):
        self.folder = folder
        self.database_url = database_url
        self.port, self.plain_port = free_port(), free_port()
        self.url = f"https://localhost:{self.port}"
        self.plain_url = f"http://127.0.0.1:{self.plain_port}"
        self.settings = self._settings(settings)
        self.deaths_expected = False
        self.most_files = None  # hard limit; None: as it is
        self.has_outputs = True  # standard output and error
        self.scheduled_as = os.SCHED_OTHER  # what it is started with
        self.niceness = 0
        self._process = None
        self._prepare()

    def _settings(self, given):
        settings = {
            "BIND_ADDRESS": "127.0.0.1",
            "PORT": self.port,
            "HTTP_PORT": self.plain_port,
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": SECRET_KEY,
            "TESTING": "true",
            "WORKERS": 2,
            **given,
        }
        return {k: str(v) for k, v in settings.items() if v is not None}

    def _prepare(self):
        """A rebuild during the tests must not reach them: copy the module."""
        self.folder.mkdir(parents=True)
        for part in ("conf", "cert"):
            (self.folder / part).symlink_to(ROOT / part)
        built = ROOT / ".build" / FLAVOR / "chores" / "chores.so"
        shutil.copy(built, self.folder / "chores.so")

    def _environment(self):
        environment = {k: os.environ[k] for k in INHERITED if k in os.environ}
        if FLAVOR == "asan":
            reports = "log_path=sanitizer"
            environment |= {
                "LD_PRELOAD": f"{_runtime('libasan.so')} {_runtime('libubsan.so')} {SANITIZER_FIRST}",
                "ASAN_OPTIONS": f"detect_leaks=0:{reports}",
                "UBSAN_OPTIONS": f"print_stacktrace=1:{reports}",
            }
        return environment | self.settings

    def launch(self):
        """Start the process and return at once."""
        configuration = "conf/asan.conf" if FLAVOR == "asan" else "conf/chores.conf"
        with open(self.folder / "server.log", "ab") as log:
            self._process = subprocess.Popen(
                ["kore", "-fnrqc", configuration],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=self._prepare_process,
                # a worker that finds its parent gone may signal its group
                start_new_session=True,
            )
        return self

    def _prepare_process(self):
        """Kore walks over all files it may open: allow it fewer."""
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = self.most_files or most
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, most), most))
        os.sched_setscheduler(0, self.scheduled_as, os.sched_param(0))
        os.nice(self.niceness)
        if not self.has_outputs:
            os.closerange(1, 3)

    def start(self, ready="/api/v1/health/ready"):
        """Start it and wait until it answers that path well."""
        self.launch()
        deadline = time.monotonic() + START_SECONDS
        with self.client() as client:
            while not _answers(client, ready):
                if self._process.poll() is not None:
                    raise RuntimeError(f"the server did not start:\n{self.log()}")
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the server is not ready:\n{self.log()}")
                time.sleep(0.05)
        return self

    def refuses_to_start(self):
        """Start it, expecting it to give up: its exit status and its log."""
        self.launch()
        status = self._process.wait(timeout=START_SECONDS)
        return status, self.log()

    def _terminate(self):
        """SIGTERM, once. Under the sanitizers Kore traces its workers and may
        forget a signal for the SIGCHLD that each of their system calls is."""
        for seconds in [3] * 9 + [30] if FLAVOR == "asan" else [30]:
            if self._process.poll() is None:
                self._process.send_signal(signal.SIGTERM)
            try:
                return self._process.wait(timeout=seconds)
            except subprocess.TimeoutExpired as error:
                late = error
        raise late

    def stop(self):
        """End it in order, and see that it was in order until then."""
        if self._process is None:
            return
        try:
            self._terminate()
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not stop:\n{self.log()}") from None
        finally:
            self._process = None
        self.assert_sound()

    def kill(self):
        """End it as a power cut would, all its processes."""
        for pid in [*self.children(), self.pid]:
            _kill(pid)
        self._process.wait()
        self._process = None

    def restart(self):
        self.stop()
        return self.start()

    def signal(self, number):
        self._process.send_signal(number)

    def assert_sound(self):
        """No sanitizer has complained and no worker has died unasked."""
        log = self.log()
        reports = sorted(self.folder.glob("sanitizer.*"))
        if reports or "runtime error: " in log:
            raise AssertionError("\n".join([log, *(r.read_text() for r in reports)]))
        if not self.deaths_expected:
            died = re.search(r".*(sandbox violation|\) gone$).*", log, re.M)
            assert died is None, f"{died[0]}\n{log[-4000:]}"

    @property
    def pid(self):
        return self._process.pid

    def children(self):
        """Process ids of all that Kore's parent has started."""
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def workers(self):
        """Process ids of the workers, in the order of their numbers."""
        named = {}
        for pid in self.children():
            try:
                title = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:  # it has died since
                continue
            if number := re.search(rb"\[wrk (\d+)\]", title):
                named[int(number[1])] = pid
        return [named[n] for n in sorted(named)]

    def key_manager(self):
        """Its process id."""
        (pid,) = set(self.children()) - set(self.workers())
        return pid

    def kill_worker(self, index=0):
        """kill -9 one worker; Kore is to start another."""
        self.deaths_expected = True
        pid = self.workers()[index]
        _kill(pid)
        return pid

    def kill_parent(self):
        """kill -9 Kore's parent; all others are to follow it."""
        left = self.children()
        _kill(self.pid)
        self._process.wait()
        deadline = time.monotonic() + 10
        while left := [pid for pid in left if _is_alive(pid)]:
            assert time.monotonic() < deadline, f"{left} live without their parent"
            time.sleep(0.05)

    def log(self):
        return (self.folder / "server.log").read_text(errors="replace")

    def db(self):
        """A connection of the tests' own to the server's database."""
        return psycopg.connect(self.database_url, autocommit=True)

    def client(self, token=None, plain=False, **options):
        """An HTTP client over TLS, or over the plain listener."""
        url = self.plain_url if plain else self.url
        return Client(url, token, verify=_trust(), **options)

    def metrics(self):
        """What /metrics says now, parsed."""
        with self.client(plain=True) as client:
            answer = client.get("/metrics")
        assert answer.status_code == 200, answer.text
        return Samples(answer.text)


def _runtime(name):
    """The path of a sanitizer's library, for preloading."""
    found = subprocess.run(
        ["gcc", f"-print-file-name={name}"], capture_output=True, text=True, check=True
    )
    return str(pathlib.Path(found.stdout.strip()).resolve())


def _trust():
    return ssl.create_default_context(cafile=CERTIFICATE)


def _answers(client, path):
    try:
        return client.get(path).status_code == 200
    except httpx.TransportError:
        return False


def _is_alive(pid):
    """Whether it runs: who has ended may wait for long to be asked how."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except OSError:
        return False


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
