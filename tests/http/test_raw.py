"""The front door, byte by byte. Each case names what it proves and where that is written."""

import json
import time

import pytest

from support.people import People
from support.raw import Raw

HOST = "Host: x\r\n"
HEALTH = "/api/v1/health"
GET = f"GET {HEALTH} HTTP/1.1\r\n{HOST}\r\n"
# A POST that reads its body before it asks for a token: 401 means "read whole".
POST = "POST /api/v1/families/create HTTP/1.1\r\n" + HOST
JSON = "Content-Type: application/json\r\n"


def get(*headers, target=HEALTH, version="HTTP/1.1", host=HOST):
    return f"GET {target} {version}\r\n{host}" + "".join(f"{h}\r\n" for h in headers) + "\r\n"


def post(*headers, body=""):
    return POST + JSON + "".join(f"{h}\r\n" for h in headers) + "\r\n" + body


def chunked(body, *headers):
    return post("Transfer-Encoding: chunked", *headers, body=body)


# name, section of RFC 9112 unless another is named, bytes, statuses in order
FRIENDLY = [
    ("a plain request", "3", GET, [200]),
    ("two requests in one go", "9.3.2", GET * 2, [200, 200]),
    ("fifty requests in one go", "9.3.2", GET * 50, [200] * 50),
    ("an empty line first", "2.2", "\r\n" + GET, [200]),
    ("several empty lines first", "2.2", "\r\n\r\n\r\n" + GET, [200]),
    ("empty lines between requests", "2.2", GET + "\r\n\r\n" + GET, [200, 200]),
    ("absolute form", "3.2.2", get(target="http://x" + HEALTH), [200]),
    ("absolute form over https", "3.2.2", get(target="https://x:8888" + HEALTH), [200]),
    ("absolute form with another Host", "3.2.2", get(target="http://other" + HEALTH), [200]),
    ("asterisk form", "3.2.4", f"OPTIONS * HTTP/1.1\r\n{HOST}\r\n", [404]),
    ("HTTP/1.0 with keep-alive", "C.2.2", get("Connection: keep-alive", version="HTTP/1.0"), [200]),
    ("HTTP/1.0 without Host", "3.2", f"GET {HEALTH} HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", [200]),
    ("a later minor version", "2.3", get(version="HTTP/1.2"), [200]),
    ("an empty header value", "5", get("X-Empty:"), [200]),
    ("blanks around a value", "5", get("X-Blank:   \t a \t "), [200]),
    ("no blank before a value", "5", get("X-Tight:a"), [200]),
    ("bytes above ASCII in a value", "RFC 9110 5.5", get("X-Obs: \xe9\xff"), [200]),
    ("a name of every token character", "RFC 9110 5.6.2", get("x!#$%&'*+-.^_`|~9: a"), [200]),
    ("a hundred headers", "RFC 9110 5.4", get(*[f"X-{n}: a" for n in range(100)]), [200]),
    ("sixteen kilobytes of headers", "RFC 9110 5.4", get("X-Long: " + "a" * 16000), [200]),
    ("Authorization behind fifty headers", "RFC 9110 5.3",
     get(*[f"X-{n}: a" for n in range(50)], "Authorization: Bearer x", target="/api/v1/users/me"), [401]),
    ("a header twice", "RFC 9110 5.3", get("X-Twice: a", "X-Twice: b"), [200]),
    ("names in any letter case", "5.1", f"GET {HEALTH} HTTP/1.1\r\nhOsT: x\r\n\r\n", [200]),
    ("an empty Host", "3.2", f"GET {HEALTH} HTTP/1.1\r\nHost:\r\n\r\n", [200]),
    ("Host with a port", "3.2", f"GET {HEALTH} HTTP/1.1\r\nHost: localhost:8888\r\n\r\n", [200]),
    ("Host of IPv6", "3.2", f"GET {HEALTH} HTTP/1.1\r\nHost: [::1]:8888\r\n\r\n", [200]),
    ("a query", "3.2.1", get(target=HEALTH + "?a=b&c=%20?"), [200]),
    ("a percent-encoded path", "3.2.1", get(target="/api/v1/h%65alth"), [200]),
    ("POST without a body or length", "6.3", "POST /api/v1/chores/1/complete HTTP/1.1\r\n" + HOST + "\r\n", [401]),
    ("PUT without a body or length", "6.3", "PUT /api/v1/chores/1 HTTP/1.1\r\n" + HOST + "\r\n", [401]),
    ("PATCH without a body or length", "6.3", f"PATCH {HEALTH} HTTP/1.1\r\n" + HOST + "\r\n", [405]),
    ("DELETE without a body or length", "6.3", "DELETE /api/v1/families/leave HTTP/1.1\r\n" + HOST + "\r\n", [401]),
    ("POST with length 0", "6.2", post("Content-Length: 0"), [401]),
    ("POST with a body", "6.2", post("Content-Length: 2", body="{}"), [401]),
    ("a length with leading zeros", "6.2", post("Content-Length: 0002", body="{}"), [401]),
    ("GET with a body", "RFC 9110 9.3.1", get("Content-Length: 2") + "{}" + GET, [200, 200]),
    ("HEAD of a page", "RFC 9110 9.3.2", f"HEAD {HEALTH} HTTP/1.1\r\n" + HOST + "\r\n", ["HEAD 200"]),
    ("a request behind a body", "9.3.2", post("Content-Length: 2", body="{}") + GET, [401, 200]),
    ("a chunked body", "7.1", chunked("2\r\n{}\r\n0\r\n\r\n"), [401]),
    ("several chunks", "7.1", chunked("1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"), [401]),
    ("chunk sizes with leading zeros", "7.1", chunked("0002\r\n{}\r\n000\r\n\r\n"), [401]),
    ("chunk sizes in capitals", "7.1", chunked("A\r\n" + '{"name":1}'[:10] + "\r\n0\r\n\r\n"), [401]),
    ("chunk extensions", "7.1.1", chunked('2;a=b;c="d;e"\r\n{}\r\n0;x\r\n\r\n'), [401]),
    ("trailers", "7.1.2", chunked("2\r\n{}\r\n0\r\nX-Trailer: a\r\nX-More: b\r\n\r\n"), [401]),
    ("a request behind chunks", "9.3.2", chunked("2\r\n{}\r\n0\r\n\r\n") + GET, [401, 200]),
    ("a coding's name in any case", "7", post("Transfer-Encoding: ChUnKeD", body="0\r\n\r\n"), [401]),
    ("no chunk but the last", "7.1", chunked("0\r\n\r\n"), [401]),
    ("an expectation", "RFC 9110 10.1.1", post("Content-Length: 2", "Expect: 100-continue", body="{}"), [401]),
    ("an expectation in any case", "RFC 9110 10.1.1", post("Content-Length: 2", "Expect: 100-Continue", body="{}"), [401]),
    ("an expectation without a body", "RFC 9110 10.1.1", get("Expect: 100-continue"), [200]),
    ("unknown methods on a known path", "RFC 9110 9.1", f"BREW {HEALTH} HTTP/1.1\r\n" + HOST + "\r\n", [405]),
    ("methods are case-sensitive", "RFC 9110 9.1", f"get {HEALTH} HTTP/1.1\r\n" + HOST + "\r\n", [405]),
    ("an unknown path", "RFC 9110 15.5.5", get(target="/nope"), [404]),
    ("a path with dots", "RFC 3986 5.2.4", get(target="/api/v1/../v1/health"), [404]),
    ("malformed JSON keeps the connection", "9.3", post("Content-Length: 4", body="{bad") + GET, [400, 200]),
]  # fmt: skip

STRICT = [
    ("both lengths", "6.1", post("Content-Length: 2", "Transfer-Encoding: chunked", body="0\r\n\r\n"), 400),
    ("both lengths the other way round", "6.1", post("Transfer-Encoding: chunked", "Content-Length: 2", body="0\r\n\r\n"), 400),
    ("two different lengths", "6.3", post("Content-Length: 2", "Content-Length: 3", body="{}"), 400),
    ("two equal lengths", "6.3", post("Content-Length: 2", "Content-Length: 2", body="{}"), 400),
    ("a list of lengths", "6.3", post("Content-Length: 2, 2", body="{}"), 400),
    ("a length with a sign", "6.2", post("Content-Length: +2", body="{}"), 400),
    ("a negative length", "6.2", post("Content-Length: -1"), 400),
    ("a hexadecimal length", "6.2", post("Content-Length: 0x2", body="{}"), 400),
    ("a length with a fraction", "6.2", post("Content-Length: 2.0", body="{}"), 400),
    ("an empty length", "6.2", post("Content-Length:"), 400),
    ("a length beyond all numbers", "6.2", post("Content-Length: " + "9" * 40), 400),
    ("a length in Arabic digits", "6.2", post("Content-Length: \xd9\xa2", body="{}"), 400),
    ("an unknown coding", "6.1", post("Transfer-Encoding: gzip", body="x"), 501),
    ("chunked not last", "6.1", post("Transfer-Encoding: chunked, gzip", body="x"), 400),
    ("chunked twice", "7", post("Transfer-Encoding: chunked, chunked", body="0\r\n\r\n"), 400),
    ("two codings in two lines", "6.1", post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body="0\r\n\r\n"), 400),
    ("identity", "6.1", post("Transfer-Encoding: identity", body="x"), (400, 501)),
    ("an empty coding", "6.1", post("Transfer-Encoding:", body="x"), 400),
    ("chunked with a parameter", "7", post("Transfer-Encoding: chunked;a=b", body="0\r\n\r\n"), (400, 501)),
    ("chunked in quotes", "7", post('Transfer-Encoding: "chunked"', body="0\r\n\r\n"), (400, 501)),
    ("chunked with a tab in it", "6.1", post("Transfer-Encoding: chu\tnked", body="0\r\n\r\n"), (400, 501)),
    ("chunked in HTTP/1.0", "6.1", "POST /api/v1/users/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ("a chunk size of no digits", "7.1", chunked("\r\n{}\r\n0\r\n\r\n"), 400),
    ("a chunk size with a sign", "7.1", chunked("+2\r\n{}\r\n0\r\n\r\n"), 400),
    ("a chunk size with 0x", "7.1", chunked("0x2\r\n{}\r\n0\r\n\r\n"), 400),
    ("a chunk size with a blank before it", "7.1", chunked(" 2\r\n{}\r\n0\r\n\r\n"), 400),
    ("a chunk size that overflows", "7.1", chunked("fffffffffffffffff\r\n"), (400, 413)),
    ("a chunk longer than its size", "7.1", chunked("1\r\n{}\r\n0\r\n\r\n"), 400),
    ("a chunk without its line end", "7.1", chunked("2\r\n{}0\r\n\r\n"), 400),
    ("a chunk that ends in a bare LF", "7.1", chunked("2\r\n{}\n0\r\n\r\n"), 400),
    ("a chunk size that ends in a bare LF", "7.1", chunked("2\n{}\r\n0\r\n\r\n"), 400),
    ("a bare CR in a chunk extension", "7.1.1", chunked("2;a\rb\r\n{}\r\n0\r\n\r\n"), 400),
    ("a folded trailer", "7.1.2", chunked("0\r\nX: a\r\n b\r\n\r\n"), 400),
    ("a bad trailer", "7.1.2", chunked("0\r\nX a\r\n\r\n"), 400),
    ("a bare LF as a line end", "2.2", GET.replace("\r\n", "\n"), 400),
    ("a bare LF after one header", "2.2", f"GET {HEALTH} HTTP/1.1\r\nHost: x\nX: a\r\n\r\n", 400),
    ("a bare CR as a line end", "2.2", f"GET {HEALTH} HTTP/1.1\rHost: x\r\r", 400),
    ("a bare CR in a value", "2.2", get("X: a\rb"), 400),
    ("NUL in a value", "RFC 9110 5.5", get("X: a\0b"), 400),
    ("a control character in a value", "RFC 9110 5.5", get("X: a\x01b"), 400),
    ("DEL in a value", "RFC 9110 5.5", get("X: a\x7fb"), 400),
    ("a blank before the colon", "5.1", get("X : a"), 400),
    ("a tab before the colon", "5.1", get("X\t: a"), 400),
    ("a blank before the first header", "2.2", f"GET {HEALTH} HTTP/1.1\r\n Host: x\r\n\r\n", 400),
    ("a folded header", "5.2", get("X: a\r\n b"), 400),
    ("a folded header with a tab", "5.2", get("X: a\r\n\tb"), 400),
    ("a header without a colon", "5", get("nonsense"), 400),
    ("a header without a name", "5", get(": a"), 400),
    ("a name with a blank", "5.1", get("X Y: a"), 400),
    ("a name with a slash", "5.1", get("X/Y: a"), 400),
    ("a name above ASCII", "5.1", get("X\xe9: a"), 400),
    ("NUL in a name", "5.1", get("X\0: a"), 400),
    ("no Host", "3.2", get(host=""), 400),
    ("two Hosts", "3.2", get("Host: y"), 400),
    ("two equal Hosts", "3.2", get("Host: x"), 400),
    ("Host with a blank", "3.2", get(host="Host: a b\r\n"), 400),
    ("Host with a slash", "3.2", get(host="Host: a/b\r\n"), 400),
    ("Host with an at-sign", "3.2", get(host="Host: a@b\r\n"), 400),
    ("no target", "3", f"GET HTTP/1.1\r\n{HOST}\r\n", 400),
    ("two targets", "3", f"GET / / HTTP/1.1\r\n{HOST}\r\n", 400),
    ("two blanks in the request line", "3", f"GET  {HEALTH} HTTP/1.1\r\n{HOST}\r\n", 400),
    ("a tab in the request line", "3", f"GET\t{HEALTH} HTTP/1.1\r\n{HOST}\r\n", 400),
    ("a blank at the end of the request line", "3", f"GET {HEALTH} HTTP/1.1 \r\n{HOST}\r\n", 400),
    ("a target without a slash", "3.2", get(target="api"), 400),
    ("a fragment in the target", "3.2", get(target=HEALTH + "#x"), 400),
    ("bytes above ASCII in the target", "3.2", get(target="/\xe9"), 400),
    ("a control character in the target", "3.2", get(target="/\x01"), 400),
    ("NUL in the target, escaped", "3.2", get(target="/%00"), 400),
    ("asterisk with GET", "3.2.4", f"GET * HTTP/1.1\r\n{HOST}\r\n", 400),
    ("authority form", "3.2.3", f"CONNECT x:1 HTTP/1.1\r\n{HOST}\r\n", 501),
    ("a method that is no token", "3.1", f"G(T {HEALTH} HTTP/1.1\r\n{HOST}\r\n", 400),
    ("no method", "3.1", f" {HEALTH} HTTP/1.1\r\n{HOST}\r\n", 400),
    ("HTTP/0.9", "2.3", "GET /\r\n\r\n", (400, 505)),
    ("HTTP/2 in clear", "2.3", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    ("HTTP/3", "2.3", get(version="HTTP/3.0"), 505),
    ("a version of two digits", "2.3", get(version="HTTP/1.10"), (400, 505)),
    ("a version in small letters", "2.3", get(version="http/1.1"), (400, 505)),
    ("another protocol", "2.3", get(version="HTCPCP/1.0"), (400, 505)),
    ("too long a line", "3", get(target="/" + "a" * 9000), 414),
    ("too long a query", "3", get(target=HEALTH + "?" + "a" * 9000), 414),
    ("too large a header", "RFC 6585 5", get("X: " + "a" * 40000), 431),
    ("too many headers", "RFC 6585 5", get(*[f"X-{n}: a" for n in range(300)]), 431),
    ("an unknown expectation", "RFC 9110 10.1.1", post("Content-Length: 2", "Expect: a-miracle", body="{}"), 417),
    ("garbage", "2.2", "\x16\x03\x01 nonsense\r\n\r\n", (400, None)),
]  # fmt: skip


def ids(table):
    return [row[0] for row in table]


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
def tls(request):
    return request.param


class TestFriendly:
    @pytest.mark.parametrize(("name", "section", "data", "statuses"), FRIENDLY, ids=ids(FRIENDLY))
    def test_is_answered(self, server, tls, name, section, data, statuses):
        with Raw(server, tls) as raw:
            raw.send(data)
            for status in statuses:
                head = isinstance(status, str)
                answer = raw.answer(head=head)
                assert answer.status == (int(status.split()[1]) if head else status)
            raw.send(GET)
            assert raw.answer().status == 200

    @pytest.mark.parametrize(("name", "section", "data", "statuses"), FRIENDLY[::4], ids=ids(FRIENDLY[::4]))
    def test_cut_at_any_byte(self, server, tls, name, section, data, statuses):
        cuts = range(1, min(len(data), 400), 7)
        for cut in cuts:
            with Raw(server, tls) as raw:
                raw.send(data[:cut])
                raw.send(data[cut:])
                for status in statuses:
                    head = isinstance(status, str)
                    assert raw.answer(head=head).status == (int(status.split()[1]) if head else status)


class TestStrict:
    @pytest.mark.parametrize(("name", "section", "data", "status"), STRICT, ids=ids(STRICT))
    def test_is_refused_and_closed(self, server, tls, name, section, data, status):
        allowed = status if isinstance(status, tuple) else (status,)
        with Raw(server, tls) as raw:
            raw.send(data + GET)
            try:
                answer = raw.answer()
            except (EOFError, ConnectionResetError):
                assert None in allowed
                return
            assert answer.status in allowed
            assert isinstance(json.loads(answer.body)["detail"], str)
            assert answer.headers["content-type"] == "application/json"
            assert answer.headers["connection"] == "close"
            assert raw.is_closed()

    def test_refusals_are_counted_by_reason(self, server):
        def counts():
            metrics = server.metrics()
            return {
                "reason": metrics("chores_http_refused_requests_total", reason="header_folded"),
                "requests": metrics.get("http_requests_total", handler="none", method="GET", status="400") or 0,
                "errors": metrics.get(
                    "api_errors_total", endpoint="none", status_code="400", error_type="bad_request") or 0,
            }  # fmt: skip

        before = counts()
        with Raw(server) as raw:
            assert raw.send(get("X: a\r\n b")).answer().status == 400
        after = counts()
        assert {k: after[k] - before[k] for k in after} == {"reason": 1, "requests": 1, "errors": 1}


class TestConnections:
    def test_who_expects_to_be_told_to_go_on_is_told(self, server, tls):
        with Raw(server, tls) as raw:
            raw.send(post("Content-Length: 2", "Expect: 100-continue"))
            assert raw.answer().status == 100
            assert raw.send("{}").answer().status == 401
            assert raw.send(GET).answer().status == 200

    def test_who_expects_to_send_too_much_is_told_not_to(self, server, tls):
        with Raw(server, tls) as raw:
            raw.send(post("Content-Length: 10000000", "Expect: 100-continue"))
            assert raw.answer().status == 413

    def test_close_is_kept(self, server, tls):
        with Raw(server, tls) as raw:
            answer = raw.send(get("Connection: close") + GET).answer()
            assert (answer.status, answer.headers["connection"]) == (200, "close")
            assert raw.is_closed()

    def test_http_1_0_closes_unless_asked(self, server, tls):
        with Raw(server, tls) as raw:
            assert raw.send(f"GET {HEALTH} HTTP/1.0\r\n\r\n").answer().status == 200
            assert raw.is_closed()

    def test_half_closed_clients_get_their_answers(self, server):
        import socket

        with Raw(server) as raw:
            raw.send(GET * 3)
            raw.socket.shutdown(socket.SHUT_WR)
            assert [raw.answer().status for _ in range(3)] == [200] * 3
            assert raw.is_closed()

    def test_answers_come_in_order(self, server, tls):
        people = People(server)
        parent = people.parent()
        slow = f"GET /api/v1/statistics/trends HTTP/1.1\r\n{HOST}Authorization: Bearer {parent.token}\r\n\r\n"
        quick = GET.replace(HOST, HOST + "X-Request-Id: quick\r\n")
        with Raw(server, tls) as raw:
            raw.send((slow.replace(HOST, HOST + "X-Request-Id: slow\r\n") + quick) * 10)
            got = [raw.answer().headers["x-request-id"] for _ in range(20)]
        assert got == ["slow", "quick"] * 10
        people.close()

    def test_pipelines_of_any_depth_need_little_memory(self, server, tls):
        with Raw(server, tls, timeout=60) as raw:
            for _ in range(20):
                raw.send(GET * 100)
            assert [raw.answer().status for _ in range(2000)] == [200] * 2000

    def test_large_bodies_are_refused_while_they_arrive(self, server, tls):
        with Raw(server, tls) as raw:
            raw.send(post("Content-Length: 10000000", body="x" * 1000))
            answer = raw.answer()
            assert answer.status == 413
            assert json.loads(answer.body)["error"]["details"]["request_size_bytes"] == 10000000

    def test_tls_on_the_plain_port_is_closed(self, server):
        with Raw(server) as raw:
            raw.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64)
            try:
                assert raw.answer().status == 400
            except (EOFError, ConnectionResetError):
                pass

    def test_plain_on_the_tls_port_is_told_so(self, server):
        class Plain:
            plain_port = server.port

        with Raw(Plain) as raw:
            answer = raw.send(GET).answer()
            assert answer.status == 400
            assert json.loads(answer.body)["detail"] == "This port speaks TLS: use https"


class TestSlow:
    @pytest.fixture(scope="class")
    def hasty(self, cluster, run_folder):
        from support.server import Server

        server = Server(
            run_folder / "hasty", cluster.create(), HTTP_HEADER_TIMEOUT_S=1, HTTP_BODY_TIMEOUT_S=1,
            HTTP_IDLE_TIMEOUT_S=2, HTTP_CONNECTIONS_PER_ADDRESS=40,
        ).start()  # fmt: skip
        yield server
        server.stop()

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("data", "reason"), [(GET[:20], "header_timeout"), (post("Content-Length: 9", body="{"), "body_timeout")]
    )
    def test_heads_and_bodies_have_their_time(self, hasty, tls, data, reason):
        before = hasty.metrics()("chores_http_refused_requests_total", reason=reason)
        with Raw(hasty, tls) as raw:
            assert raw.send(data).answer().status == 408
            assert raw.is_closed()
        assert hasty.metrics()("chores_http_refused_requests_total", reason=reason) == before + 1

    @pytest.mark.slow
    def test_a_dribble_is_no_excuse(self, hasty):
        with Raw(hasty) as raw:
            for byte in GET[:30]:
                raw.send(byte)
                time.sleep(0.1)
                raw.socket.settimeout(0.01)
                try:
                    assert raw.answer().status == 408
                    return
                except TimeoutError:
                    raw.socket.settimeout(10)
        raise AssertionError("never refused")

    @pytest.mark.slow
    def test_idle_connections_are_closed(self, hasty, tls):
        with Raw(hasty, tls) as raw:
            assert raw.send(GET).answer().status == 200
            started = time.monotonic()
            assert raw.is_closed()
            assert time.monotonic() - started < 8

    @pytest.mark.slow
    def test_handshakes_have_their_time(self, hasty):
        class Plain:
            plain_port = hasty.port

        with Raw(Plain) as raw:
            assert raw.is_closed()

    def test_one_address_has_its_share(self, hasty):
        raws = [Raw(hasty) for _ in range(120)]
        try:
            assert raws[-1].send(GET).answer().status == 200
            refused = hasty.metrics()("chores_http_refused_requests_total", reason="too_many_from_address")
            assert refused >= 120 - 2 * 40 - 1
        finally:
            for raw in raws:
                raw.socket.close()


class TestManyIdle:
    @pytest.mark.slow
    def test_thousands_of_idle_connections_keep_nobody_from_anything(self, start_server):
        server = start_server()
        raws = []
        try:
            for _ in range(3000):
                raws.append(Raw(server))
                raws[-1].send(GET[: len(raws) % 40])
            with server.client() as client:
                for _ in range(50):
                    assert client.get(HEALTH).status_code == 200
            assert server.metrics()("chores_http_connections", listener="plain") > 2000
        finally:
            for raw in raws:
                raw.socket.close()
