"""What ./dev install lays out, started from there by an ordinary user: with the
image's and systemd's entry point and with conf/prod.conf, below folders of the
test's own."""

import http.client
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time

import pytest

from support.ground import ROOT, dev, free_port
from support.server import FLAVOR

pytestmark = pytest.mark.slow

NOBODY = 65534


@pytest.fixture(scope="module")
def installed():
    """Where it is: not in the checkout, which others may not be able to read."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="chores-install-"))
    folder.chmod(0o755)
    dev("install", folder, FLAVOR)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def home(installed):
    """The same with the two folders that are written to moved below it."""
    home = installed / "usr" / "lib" / "chores"
    for name in ("run/chores", "var/lib/chores"):
        place = installed / name
        place.mkdir(parents=True)
        if os.getuid() == 0:
            os.chown(place, NOBODY, NOBODY)
        for file in (home / "start", home / "conf" / "prod.conf"):
            file.write_text(file.read_text().replace(f"/{name}", str(place)))
    return home


class Service:
    """The entry point in a process of its own, as nobody where we are root."""

    def __init__(self, home, database_url, **settings):
        self.home = home
        self.port, self.plain_port = free_port(), free_port()
        self.environment = {
            "PATH": os.environ["PATH"],
            "ENVIRONMENT": "production",
            "PORT": str(self.port),
            "HTTP_PORT": str(self.plain_port),
            "WORKERS": "1",
            "DATABASE_URL": database_url,
            "SECRET_KEY": "a-key-of-the-tests-that-is-long-enough",
            "REGISTRATION_CODES": "INSTALLED",
            **settings,
        }
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        self.process = subprocess.Popen(
            [home / "start"], env=self.environment, cwd="/", text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **user,
        )  # fmt: skip

    def health(self, **changed):
        """Exit status of the image's health check."""
        return healthcheck(self.home, **{**self.environment, **changed})

    def await_healthy(self):
        deadline = time.monotonic() + 20
        while self.health() != 0:
            assert self.process.poll() is None, self.process.stdout.read()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return self

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.plain_port, timeout=5)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def stop(self):
        """In order: its exit status, and what it has said."""
        self.process.send_signal(signal.SIGTERM)
        output, _ = self.process.communicate(timeout=20)
        return self.process.returncode, output


def healthcheck(home, **environment):
    environment = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run([home / "healthcheck"], env=environment, capture_output=True, timeout=10).returncode


def served_certificate(port):
    return ssl.get_server_certificate(("127.0.0.1", port))


def certificate(home):
    return (home / "../../../var/lib/chores/self-signed.pem").resolve()


def make_certificate(home, days):
    """In place of the one that it keeps; the new one."""
    file = certificate(home)
    key = file.with_name("self-signed-key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", str(days), "-subj", "/CN=test", "-keyout", key, "-out", file],
        check=True, capture_output=True,
    )  # fmt: skip
    for path in (file, key):
        shutil.chown(path, *((NOBODY, NOBODY) if os.getuid() == 0 else (os.getuid(), os.getgid())))
    return file.read_text()


def test_all_that_the_entry_point_uses_is_there(installed):
    home = installed / "usr" / "lib" / "chores"
    for name in ("start", "healthcheck", "migrate"):
        assert os.access(home / name, os.X_OK), name
    for name in ("chores.so", "conf/prod.conf", "conf/chores.conf", "conf/routes.conf", "conf/ffdhe2048.pem"):
        assert (home / name).is_file(), name
    migrations = {path.name for path in (ROOT / "assets" / "sql" / "migrations").iterdir()}
    assert {path.name for path in (home / "migrations").iterdir()} == migrations
    assert (installed / "usr" / "lib" / "systemd" / "system" / "chores.service").is_file()


def test_a_missing_secret_stops_the_start_with_a_line_that_names_it(home, cluster):
    service = Service(home, cluster.create(), SECRET_KEY="")
    output, _ = service.process.communicate(timeout=20)
    assert service.process.returncode != 0
    assert "SECRET_KEY" in output.splitlines()[-1]


def test_a_database_that_is_not_there_stops_the_start(home):
    service = Service(home, f"postgresql://chores:secret@127.0.0.1:{free_port()}/chores")
    output, _ = service.process.communicate(timeout=20)
    assert service.process.returncode != 0
    assert "migrate" in output
    assert "secret" not in output


def test_it_migrates_serves_and_stops_in_order(home, cluster):
    service = Service(home, cluster.create(template="template0")).await_healthy()
    assert service.get("/api/v1/health/ready")[0] == 200
    assert service.health(HTTP_PORT="0") == 0, "healthy by TLS"
    assert service.health(HTTP_PORT=str(free_port())) != 0
    assert service.health(HTTP_PORT="0", PORT=str(free_port())) != 0
    assert served_certificate(service.port) == certificate(home).read_text()
    status, output = service.stop()
    assert status == 0, output
    assert service.health() != 0


def test_a_renewed_certificate_is_served_after_sighup(home, cluster):
    kept = make_certificate(home, days=60)
    service = Service(home, cluster.create()).await_healthy()
    assert served_certificate(service.port) == kept
    renewed = make_certificate(home, days=60)
    service.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 5
    while served_certificate(service.port) == kept and time.monotonic() < deadline:
        time.sleep(0.1)
    assert served_certificate(service.port) == renewed
    assert "chores_config_last_reload_successful 1\n" in service.get("/metrics")[1]
    assert service.stop()[0] == 0


def test_a_certificate_about_to_expire_is_made_again(home, cluster):
    short = make_certificate(home, days=2)
    service = Service(home, cluster.create()).await_healthy()
    assert served_certificate(service.port) != short
    assert service.stop()[0] == 0


@pytest.mark.parametrize(
    ("answer", "healthy"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", True),
        (b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n", False),
        (b"HTTP/1.1 404 Not Found\r\n\r\n200 ", False),
        (b"SSH-2.0-OpenSSH\r\n", False),
        (b"", False),
    ],
)
def test_only_200_is_healthy(installed, answer, healthy):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as request:
                while request.readline() != b"\r\n":
                    pass
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        status = healthcheck(installed / "usr/lib/chores", HTTP_PORT=str(server.getsockname()[1]))
        thread.join()
    assert (status == 0) is healthy
