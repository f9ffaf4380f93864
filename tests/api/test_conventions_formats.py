"""How answers are spelled: numbers, texts, moments, headers and their order."""

import datetime
import json

import pytest

from support.answers import assert_answer
from support.people import make_chore
from support.raw import Raw

ORIGIN = "http://localhost:8081"


class TestNumbers:
    SPELLINGS = [
        (5, "5.0"), (0.1, "0.1"), (100, "100.0"), (1000, "1000.0"), (33.333333333333336, "33.333333333333336"),
        (1e-5, "0.00001"), (1.5e-5, "0.000015"), (1.5e-6, "1.5e-6"), (1e-6, "1e-6"), (1e-7, "1e-7"), (5e-324, "5e-324"),
        (0.30000000000000004, "0.30000000000000004"), (123.456, "123.456"), (0.07, "0.07"),
    ]  # fmt: skip

    @pytest.mark.parametrize(("number", "spelling"), SPELLINGS)
    def test_of_typed_answers(self, people, number, spelling):
        parent, child = people.family()
        chore = make_chore(parent, child, reward=number)
        assert f'"reward":{spelling},' in parent.get(f"/chores/{chore['id']}").text

    @pytest.mark.parametrize(("stored", "spelling"), [("1e16", "1e+16"), ("1.5e17", "1.5e+17"), ("-0.0", "-0.0"), ("9007199254740993", "9007199254740992.0"), ("1e15", "1000000000000000.0")])
    def test_of_what_only_sql_can_store(self, people, stored, spelling):
        parent, child = people.family()
        chore = make_chore(parent, child)
        people.sql(f"UPDATE chores SET reward = {stored}::float8 WHERE id = %s", chore["id"])
        assert f'"reward":{spelling},' in parent.get(f"/chores/{chore['id']}").text

    ECHOES = [
        ("1", "1"), ("-0", "0"), ("0.0", "0.0"), ("-0.0", "-0.0"), ("1E5", "100000.0"), ("1e16", "1e+16"), ("123456789012345680", "123456789012345680"),
        ("1e-4", "0.0001"), ("1e-5", "1e-05"), ("1.5e-7", "1.5e-07"), ("1e22", "1e+22"), ("1e26", "1e+26"), ("1e100", "1e+100"),
        ("1.10", "1.1"), ("100.0", "100.0"), ("12345678901234567890123", "12345678901234567890123"), ("1e15", "1000000000000000.0"),
    ]  # fmt: skip

    @pytest.mark.parametrize(("sent", "echo"), ECHOES)
    def test_of_inputs_shown_again(self, people, sent, echo):
        answer = people.parent().post("/families/join", content=f"[{sent}]".encode(), headers={"content-type": "application/json"})
        assert f'"input":[{echo}]' in answer.text


class TestTexts:
    def test_escapes(self, people):
        parent, child = people.family()
        title = 'q" b\\ /<&> \x7f \u2028 ü😀 \x01\x1f\b\f\n\r\t'
        chore = make_chore(parent, child, title=title)
        text = parent.get(f"/chores/{chore['id']}").text
        assert '"title":"q\\" b\\\\ /<&> \x7f \u2028 ü😀 \\u0001\\u001f\\b\\f\\n\\r\\t"' in text

    @pytest.mark.parametrize(
        ("sent", "echo"),
        [
            ('{"b":1,"a":{"y":2, "x":[ ]}}', '{"b":1,"a":{"y":2,"x":[]}}'),
            ('{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'),
            ('{"":null,"\\u00e9\\n":true}', '{"":null,"é\\n":true}'),
            ('{"s":"\\/\\u002f\\u00fc"}', '{"s":"//ü"}'),
        ],
    )
    def test_of_inputs_shown_again(self, people, sent, echo):
        answer = people.parent().post("/families/join", content=sent.encode(), headers={"content-type": "application/json"})
        assert f'"input":{echo}' in answer.text


class TestMoments:
    """A moment is of one column, but each operation has its way to write it."""

    @pytest.mark.parametrize(
        ("stored", "z", "offset"),
        [
            ("2024-01-01 00:00:00+00", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00+00:00"),
            ("2024-02-29 23:59:59.000001+00", "2024-02-29T23:59:59.000001Z", "2024-02-29T23:59:59.000001+00:00"),
            ("2024-01-01 00:30:00.5+02", "2023-12-31T22:30:00.500000Z", "2023-12-31T22:30:00.500000+00:00"),
            ("0001-01-01 00:00:00+00", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00"),
            ("9999-12-31 23:59:59.999999+00", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999+00:00"),
        ],
    )
    def test_spelling(self, people, stored, z, offset):
        (parent,) = people.family(children=0)
        people.sql("UPDATE users SET created_at = %s::timestamptz WHERE id = %s", stored, parent.id)
        members = assert_answer(parent.get("/families/members"))
        assert members["parents"][0]["created_at"] == z
        assert assert_answer(parent.get("/users/stats"))["user"]["created_at"] == offset

    def test_of_the_process(self, client):
        text = client.get_api("/health").json()["timestamp"]
        moment = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f")
        assert len(text) == len("2026-11-22T13:58:56.943070")
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        assert abs((now - moment).total_seconds()) < 10


class TestHeaders:
    def lines(self, server, path, *headers, tls=False):
        with Raw(server, tls) as raw:
            request = "".join(f"{line}\r\n" for line in (f"GET {path} HTTP/1.1", "Host: x", *headers))
            return list(raw.send(f"{request}\r\n").answer().headers)

    SECURITY = ["x-content-type-options", "x-frame-options", "referrer-policy"]

    def test_names_and_their_order(self, server):
        plain = ["date", "content-length", "x-request-id", *self.SECURITY, "content-type", "vary"]
        assert self.lines(server, "/api/v1/health") == plain
        cors = ["access-control-allow-credentials", "access-control-expose-headers", "access-control-allow-origin", "vary"]
        assert self.lines(server, "/api/v1/health", f"Origin: {ORIGIN}") == plain[:-1] + cors
        assert self.lines(server, "/api/v1/health", "Origin: http://x") == plain[:-1] + cors[:2] + cors[3:]
        assert self.lines(server, "/api/v1/users/me") == [*plain[:2], "www-authenticate", *plain[2:]]
        assert self.lines(server, "/api/v1/health", tls=True) == [*plain[:-2], "strict-transport-security", *plain[-2:]]

    @pytest.mark.parametrize(
        ("method", "path", "status", "reason"),
        [("GET", "/", 200, "OK"), ("GET", "/nope", 404, "Not Found"), ("PUT", "/", 405, "Method Not Allowed"), ("GET", "/api/v1/docs", 307, "Temporary Redirect"),
         ("GET", "/api/v1/users/me", 401, "Unauthorized"), ("POST", "/api/v1/users/login", 422, "Unprocessable Entity")],
    )  # fmt: skip
    def test_status_lines(self, server, method, path, status, reason):
        with Raw(server) as raw:
            raw.send(f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            line = raw._until(b"\r\n").decode()
        assert line == f"HTTP/1.1 {status} {reason}"

    def test_content_types_have_no_charset_but_texts(self, people):
        parent, child = people.family()
        for answer in (parent.get("/users/me"), parent.get("/nope"), parent.post("/families/join", [1])):
            assert answer.headers["content-type"] == "application/json"
        answer = parent.client.options("/", headers={"origin": ORIGIN, "access-control-request-method": "GET"})
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"

    def test_lengths_are_of_bytes(self, people):
        parent = people.parent(username=people.name("ü😀"))
        answer = parent.get("/users/me")
        assert int(answer.headers["content-length"]) == len(answer.content) == len(answer.text.encode())
        assert not answer.text.endswith("\n")
        assert answer.text == json.dumps(answer.json(), ensure_ascii=False, separators=(",", ":"))

    def test_what_was_deleted_has_no_body(self, people):
        parent, child = people.family()
        answer = parent.delete(f"/chores/{make_chore(parent, child)['id']}")
        assert (answer.status_code, answer.content) == (204, b"")
        assert "content-length" not in answer.headers
