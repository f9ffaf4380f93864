"""TLS as Mozilla's intermediate profile has it, resumption, reload, and who speaks something else."""

import json
import signal
import socket
import ssl
import subprocess
import time

import pytest

from support.ground import CERTIFICATE

GET = b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n"
VERSIONS = {"TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}


def context(version=None, ciphers=None, cafile=CERTIFICATE):
    made = ssl.create_default_context(cafile=cafile)
    if version is not None:
        made.minimum_version = made.maximum_version = version
    if ciphers is not None:
        made.set_ciphers(ciphers)
    return made


def connect(server, context, **options):
    raw = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    return context.wrap_socket(raw, server_hostname="localhost", **options)


def ask(tls):
    """One request; whether it was answered well."""
    tls.sendall(GET)
    return tls.recv(65536).startswith(b"HTTP/1.1 200 ")


def append(file, text):
    file.write_text(file.read_text() + text)


BROKEN_PEM = "-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n"


class TestVersions:
    @pytest.mark.parametrize("name", VERSIONS)
    def test_new_ones_are_spoken_and_counted(self, server, name):
        before = server.metrics()("chores_tls_handshakes_total", version=name)
        with connect(server, context(VERSIONS[name])) as tls:
            assert tls.version() == name
            assert ask(tls)
        assert server.metrics()("chores_tls_handshakes_total", version=name) == before + 1

    @pytest.mark.filterwarnings("ignore::DeprecationWarning")
    @pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
    def test_old_ones_are_refused_and_counted(self, server, version):
        before = server.metrics()("chores_tls_handshake_failures_total")
        with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION|protocol version"):
            connect(server, context(version, "ALL:@SECLEVEL=0"))
        assert server.metrics()("chores_tls_handshake_failures_total") == before + 1

    def test_http_1_1_is_what_is_spoken_whatever_is_offered(self, server):
        offering = context()
        offering.set_alpn_protocols(["h2", "http/1.1"])
        with connect(server, offering) as tls:
            assert tls.selected_alpn_protocol() in (None, "http/1.1")
            assert ask(tls)

    @pytest.mark.parametrize("name", [None, "other.example"])
    def test_any_name_is_served(self, server, name):
        strange = context()
        strange.check_hostname = False
        raw = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        with strange.wrap_socket(raw, server_hostname=name) as tls:
            assert ask(tls)


class TestCiphers:
    # The development certificate's key is of P-256: ECDSA.
    @pytest.mark.parametrize(
        "cipher",
        ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"],
    )
    def test_forward_secret_and_authenticated_ones_are_spoken(self, server, cipher):
        with connect(server, context(ssl.TLSVersion.TLSv1_2, cipher)) as tls:
            assert tls.cipher()[0] == cipher
            assert ask(tls)

    @pytest.mark.parametrize(
        "cipher",
        ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-CCM",
         "DHE-RSA-AES128-GCM-SHA256", "AES128-GCM-SHA256", "AES128-SHA", "PSK-AES128-GCM-SHA256"],
    )  # fmt: skip
    def test_all_others_are_refused(self, server, cipher):
        only = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        only.check_hostname, only.verify_mode = False, ssl.CERT_NONE
        only.maximum_version = ssl.TLSVersion.TLSv1_2
        only.set_ciphers(cipher + ":@SECLEVEL=0")
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            connect(server, only)

    def test_the_client_that_prefers_chacha_gets_it(self, server):
        weak = "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256"
        with connect(server, context(ssl.TLSVersion.TLSv1_2, weak)) as tls:
            assert tls.cipher()[0] == "ECDHE-ECDSA-CHACHA20-POLY1305"

    def test_renegotiation_is_refused(self, server):
        done = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_2", "-CAfile", CERTIFICATE],
            input=b"R\n", capture_output=True, timeout=20, check=False,
        )  # fmt: skip
        assert b"no renegotiation" in done.stderr


class TestResumption:
    @pytest.mark.parametrize("name", VERSIONS)
    def test_works_whichever_worker_it_comes_to(self, start_server, name):
        server = start_server(WORKERS=3)
        shared = context(VERSIONS[name])
        with connect(server, shared) as tls:
            assert ask(tls)
            session = tls.session
        resumed = []
        for _ in range(12):
            with connect(server, shared, session=session) as tls:
                assert ask(tls)
                resumed.append(tls.session_reused)
        assert resumed == [True] * 12

    @pytest.mark.parametrize("name", VERSIONS)
    def test_of_a_session_that_nobody_knows_is_a_new_one(self, start_server, server, name):
        shared = context(VERSIONS[name])
        with connect(start_server(WORKERS=1), shared) as tls:
            assert ask(tls)
            session = tls.session
        with connect(server, shared, session=session) as tls:
            assert not tls.session_reused
            assert ask(tls)


class TestReload:
    @pytest.fixture
    def server(self, start_server):
        server = start_server(wait=False, TLS_CERT_FILE="own.pem", TLS_KEY_FILE="own.key")
        self.renew(server, days=2)
        server.launch()
        deadline = time.monotonic() + 60
        with server.client(plain=True) as client:
            while True:
                try:
                    assert client.get("/api/v1/health/ready").status_code == 200
                    return server
                except Exception:
                    assert time.monotonic() < deadline
                    time.sleep(0.05)

    def renew(self, server, days):
        """A new pair in the server's folder; when it expires, in Unix seconds."""
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=own", "-addext",
             "subjectAltName=DNS:localhost", "-days", str(days), "-keyout", server.folder / "own.key", "-out",
             server.folder / "own.pem"],
            check=True, capture_output=True)  # fmt: skip
        end = subprocess.run(
            ["openssl", "x509", "-in", server.folder / "own.pem", "-noout", "-enddate"],
            check=True, capture_output=True, text=True)  # fmt: skip
        return ssl.cert_time_to_seconds(end.stdout.strip().removeprefix("notAfter="))

    def test_keeps_connections_and_tells_the_new_expiry(self, server):
        old = context(cafile=server.folder / "own.pem")
        before = [connect(server, old) for _ in range(6)]
        assert all(ask(tls) for tls in before)
        expiry = self.renew(server, days=9)
        server.signal(signal.SIGHUP)
        deadline = time.monotonic() + 10
        while server.metrics()("chores_tls_certificate_expiry_timestamp_seconds") != expiry:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        new = context(cafile=server.folder / "own.pem")
        fresh = []
        while len(fresh) < 6:  # each worker takes it into use within a second
            try:
                fresh.append(connect(server, new))
            except ssl.SSLCertVerificationError:
                fresh.clear()
                assert time.monotonic() < deadline
        assert all(ask(tls) for tls in before + fresh)
        for tls in before + fresh:
            tls.close()

    def make(self, server, *key):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", *key, "-subj", "/CN=own", "-days", "2", "-keyout",
             server.folder / "own.key", "-out", server.folder / "own.pem"],
            check=True, capture_output=True)  # fmt: skip

    # what is wrong with a new pair, and how it comes to be
    BROKEN = {
        "a kind of key that Kore does not know": lambda test, server: test.make(server, "ed25519", "-nodes"),
        "a short key": lambda test, server: test.make(server, "rsa:1024", "-nodes"),
        "a passphrase": lambda test, server: test.make(server, "rsa:2048", "-passout", "pass:secret"),
        "another's key": lambda test, server: (server.folder / "own.key").write_text(CERTIFICATE.with_name("key.pem").read_text()),
        "a broken chain": lambda test, server: append(server.folder / "own.pem", BROKEN_PEM),
        "no certificate": lambda test, server: (server.folder / "own.pem").write_text("none"),
        "no file": lambda test, server: (server.folder / "own.pem").unlink(),
    }

    def test_keeps_the_old_pair_where_the_new_one_cannot_be_used(self, server):
        files = [server.folder / name for name in ("own.pem", "own.key")]
        good = [file.read_text() for file in files]
        old = context(cafile=CERTIFICATE)
        old.load_verify_locations(cadata=good[0])
        workers = server.workers()
        for name, spoil in self.BROKEN.items():
            errors = server.log().count(" error parent TLS: ")
            spoil(self, server)
            server.signal(signal.SIGHUP)
            deadline = time.monotonic() + 5
            while server.log().count(" error parent TLS: ") == errors:
                assert time.monotonic() < deadline, name
                time.sleep(0.02)
            assert server.metrics()("chores_config_last_reload_successful") == 0, name
            for file, text in zip(files, good, strict=True):
                file.write_text(text)
        time.sleep(1.5)  # each worker takes a new pair into use within a second
        for _ in range(6):
            with connect(server, old) as tls:
                assert ask(tls)
        assert server.workers() == workers
        server.signal(signal.SIGHUP)
        deadline = time.monotonic() + 5
        while server.metrics()("chores_config_last_reload_successful") == 0:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def test_without_a_change_sessions_are_still_resumed(self, server):
        shared = context(cafile=server.folder / "own.pem")
        with connect(server, shared) as tls:
            assert ask(tls)
            session = tls.session
        server.signal(signal.SIGHUP)
        time.sleep(1.5)
        for _ in range(4):
            with connect(server, shared, session=session) as tls:
                assert ask(tls)
                assert tls.session_reused


# What reaches a TLS port that isn't TLS; answered where it is HTTP.
STRANGERS = [
    ("HTTP", GET, 400),
    ("HTTP cut short", GET[:3], 400),
    ("a long HTTP request", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100000, 400),
    ("HTTP in small letters", GET.lower(), None),
    ("HTTP behind an empty line", b"\r\n" + GET, None),
    ("SSH", b"SSH-2.0-OpenSSH_9.2\r\n", 400),
    ("PROXY", b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", 400),
    ("PROXY version 2", b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + b"\0" * 12, None),
    ("NULs", b"\0" * 1000, None),
    ("all bytes", bytes(range(255, -1, -1)) * 10, None),
    ("SSL 2", b"\x80\x2e\x01\0\x02\0\x15\0\0\0\x10" + b"\0" * 40, None),
    ("a record of another version", b"\x16\x09\x09\0\x05hello", None),
    ("a record that is too long", b"\x16\x03\x01\xff\xff" + b"\x01" * 65535, None),
    ("data before the handshake", b"\x17\x03\x03\0\x05hello", None),
    ("a broken ClientHello", b"\x16\x03\x01\0\x2f\x01\0\0\x2b\x03\x03" + b"\xff" * 41, None),
    ("an alert", b"\x15\x03\x01\0\x02\x02\x28", None),
]  # fmt: skip


class TestStrangers:
    @pytest.mark.parametrize(("name", "data", "status"), STRANGERS, ids=[row[0] for row in STRANGERS])
    def test_are_answered_or_closed_on_at_once(self, server, name, data, status):
        started = time.monotonic()
        with socket.create_connection(("127.0.0.1", server.port), timeout=8) as raw:
            raw.sendall(data)
            answer = b""
            try:
                while more := raw.recv(65536):
                    answer += more
            except ConnectionResetError:
                pass
        assert time.monotonic() - started < 5
        if status is None:  # an alert at most
            assert not answer.startswith(b"HTTP")
        else:
            head, body = answer.split(b"\r\n\r\n", 1)
            assert head.startswith(f"HTTP/1.1 {status} ".encode())
            assert isinstance(json.loads(body)["detail"], str)

    @pytest.mark.parametrize("step", [1, 7, 100])
    def test_a_handshake_in_pieces_is_one(self, server, step):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context().wrap_bio(incoming, outgoing, server_hostname="localhost")

        def exchange(what, *arguments):
            while True:
                try:
                    return what(*arguments)
                except ssl.SSLWantReadError:
                    flush()
                    incoming.write(raw.recv(65536))
                finally:
                    flush()

        def flush():
            data = outgoing.read()
            for at in range(0, len(data), step):
                raw.sendall(data[at : at + step])

        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            exchange(tls.do_handshake)
            exchange(tls.write, GET)
            assert exchange(tls.read, 65536).startswith(b"HTTP/1.1 200 ")

    @pytest.mark.parametrize("length", [1, 5, 6, 50, 200])
    def test_a_handshake_that_is_given_up_leaves_nothing(self, server, length):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context().wrap_bio(incoming, outgoing, server_hostname="localhost")
        with pytest.raises(ssl.SSLWantReadError):
            tls.do_handshake()
        before = server.metrics()("chores_tls_handshake_failures_total")
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
            raw.sendall(outgoing.read()[:length])
        deadline = time.monotonic() + 5
        while server.metrics()("chores_tls_handshake_failures_total") != before + 1:
            assert time.monotonic() < deadline
            time.sleep(0.02)
