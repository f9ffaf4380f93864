"""The servers that are compared: how each is built, started and stopped."""

import os
import pathlib
import shutil
import signal
import subprocess
import time

import httpx

from ground import BUILT, ROOT, SECRET_KEY
from support.ground import CERTIFICATE, free_port
from support.server import Server

CERTIFICATE_KEY = CERTIFICATE.with_name("key.pem")
HERE = pathlib.Path(__file__).resolve().parent / "peers"
START_SECONDS = 30
STOP_SECONDS = 20


class Missing(Exception):
    """What a peer needs and this machine has not."""


def _need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Missing(f"needs {program}")


def _run(log, command, **options):
    """Run a step of a build, with its output in a file."""
    with open(log, "wb") as output:
        status = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False, **options).returncode
    if status != 0:
        raise Missing(f"does not build here: see {log.relative_to(ROOT)}")


def _die_with_parent():
    """If the bench is killed, what it started ends too. Its terminal's Ctrl-C is the bench's alone."""
    import ctypes

    PR_SET_PDEATHSIG = 1
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Peer:
    """A server in a folder of its own. Subclasses say how it is built and with what command it starts.

    pool       connections to the database a process: what measured best of 4, 8 and 16
    serves     the paths that it has
    listeners  those of each of its processes
    """

    pool = 0
    serves = ("/api/v1/users/me", "/metrics")
    listeners = (("plain", "tls"),)

    def __init__(self, run):
        self.run = run
        self.folder = BUILT / self.name
        self.ports = {"plain": free_port(), "tls": free_port()}
        self._processes = []

    @property
    def name(self):
        return type(self).__name__.lower()

    @property
    def pids(self):
        return [process.pid for process in self._processes]

    def url(self, listener):
        return ("https" if listener == "tls" else "http") + f"://127.0.0.1:{self.ports[listener]}"

    def build(self):
        pass

    def command(self, listeners):
        raise NotImplementedError

    def environment(self):
        return {
            **{k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")},
            "DATABASE_URL": self.run.database_url,
            "SECRET_KEY": SECRET_KEY,
            "HTTP_PORT": str(self.ports["plain"]),
            "PORT": str(self.ports["tls"]),
            "TLS_CERT_FILE": str(CERTIFICATE),
            "TLS_KEY_FILE": str(CERTIFICATE_KEY),
            "SQL": str(self.run.statements),
            "POOL": str(self.pool),
        }

    def start(self):
        for listeners in self.listeners:
            with open(self.folder / "log", "wb") as log:
                process = subprocess.Popen(
                    self.command(listeners),
                    cwd=self.folder,
                    env=self.environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    preexec_fn=_die_with_parent,
                )
            self._processes.append(process)
        deadline = time.monotonic() + START_SECONDS
        for listener in self.ports:
            while not self._answers(listener):
                if any(process.poll() is not None for process in self._processes) or time.monotonic() > deadline:
                    raise RuntimeError(f"{self.name} does not start: see {self.folder / 'log'}")
                time.sleep(0.05)

    def _answers(self, listener):
        try:
            self.get(self.serves[0], listener)
        except httpx.TransportError:
            return False
        return True

    def get(self, path, listener="plain", token=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.get(self.url(listener) + path, headers=headers, verify=False, trust_env=False, timeout=30)

    def stop(self):
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes = []


class Ours(Peer):
    """What all are compared with: the module as it is packaged, limits of requests a minute off."""

    serves = ("/api/v1/users/me", "/api/v1/chores", "/metrics", "/")

    def __init__(self, run):
        super().__init__(run)
        self._server = None

    @property
    def pids(self):
        return [self._server.pid] if self._server else []

    def start(self, **settings):
        shutil.rmtree(self.folder, ignore_errors=True)
        given = {"SECRET_KEY": SECRET_KEY, "TESTING": None, "RATE_LIMIT_ENABLED": "false", "WORKERS": None}
        server = Server(self.folder, self.run.database_url, **(given | settings))
        self.ports = {"plain": server.plain_port, "tls": server.port}
        self._server = server
        server.start()

    def stop(self):
        server, self._server = self._server, None
        if server:
            server.stop()


class Go(Peer):
    pool = 8
    serves = ("/api/v1/users/me", "/api/v1/chores", "/metrics")

    def build(self):
        _need("go")
        environment = {**os.environ, "CGO_ENABLED": "0"}
        command = ["go", "build", "-o", self.folder / "peer", "."]
        _run(self.folder / "build.log", command, cwd=HERE / "go", env=environment)

    def command(self, listeners):
        return [self.folder / "peer"]


class Rust(Peer):
    pool = 8

    def build(self):
        _need("cargo", "cc")
        shutil.copytree(HERE / "rust", self.folder, dirs_exist_ok=True)
        _run(self.folder / "build.log", ["cargo", "build", "--release"], cwd=self.folder)

    def command(self, listeners):
        return [self.folder / "target" / "release" / "peer"]


class Node(Peer):
    pool = 8

    def build(self):
        _need("node", "npm")
        shutil.copytree(HERE / "node", self.folder, dirs_exist_ok=True)
        stamp, wanted = self.folder / "installed", (HERE / "node" / "package.json").read_bytes()
        if not stamp.exists() or stamp.read_bytes() != wanted:
            command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"]
            _run(self.folder / "build.log", command, cwd=self.folder)
            stamp.write_bytes(wanted)

    def command(self, listeners):
        return ["node", "main.js"]

    def environment(self):
        return super().environment() | {"NODE_ENV": "production"}


class FastAPI(Peer):
    """uvicorn has one listener, so there are two of it; nothing runs on the one that isn't asked."""

    pool = 8
    serves = ("/api/v1/users/me", "/api/v1/chores", "/metrics")
    listeners = (("plain",), ("tls",))

    def build(self):
        _need("python3")
        wanted = (HERE / "fastapi" / "requirements.txt").read_bytes()
        stamp, venv = self.folder / "installed", self.folder / "venv"
        if not stamp.exists() or stamp.read_bytes() != wanted:
            shutil.rmtree(venv, ignore_errors=True)
            _run(self.folder / "venv.log", ["/usr/bin/python3", "-m", "venv", venv])
            packages = [venv / "bin" / "pip", "install", "-q", "-r", HERE / "fastapi" / "requirements.txt"]
            _run(self.folder / "build.log", packages)
            stamp.write_bytes(wanted)

    def command(self, listeners):
        command = [self.folder / "venv" / "bin" / "uvicorn", "main:app", "--app-dir", HERE / "fastapi", "--workers", "2",
                   "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning",
                   "--port", str(self.ports[listeners[0]])]  # fmt: skip
        if listeners == ("tls",):
            command += ["--ssl-certfile", CERTIFICATE, "--ssl-keyfile", CERTIFICATE_KEY]
        return command

    def environment(self):
        # Two workers' metrics are added up through files; no older run's.
        shared = self.folder / "multiprocess"
        if not self._processes:
            shutil.rmtree(shared, ignore_errors=True)
            shared.mkdir()
        return super().environment() | {"PROMETHEUS_MULTIPROC_DIR": str(shared), "PYTHONDONTWRITEBYTECODE": "1"}


class Nginx(Peer):
    serves = ("/",)
    body = ""  # ours, filled in before the start

    def build(self):
        if not self.run.nginx.exists():
            raise Missing("needs nginx")

    def command(self, listeners):
        text = (HERE / "nginx" / "nginx.conf").read_text()
        for name, value in {**self.environment(), "FOLDER": str(self.folder), "BODY": self.body}.items():
            text = text.replace(f"@{name}@", value)
        (self.folder / "nginx.conf").write_text(text)
        return [self.run.nginx, "-c", self.folder / "nginx.conf"]


PEERS = (Go, Rust, Node, FastAPI, Nginx)
