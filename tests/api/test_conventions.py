"""What all operations share: routing, bodies, CORS, headers."""

import json
import re

import pytest

from support.answers import assert_answer, assert_refused, faults
from support.ground import ROOT
from support.raw import Raw

TABLE = (ROOT / "src" / "api" / "operations.def").read_text()
TEMPLATES = dict(re.findall(r'^ROUTE\((\w+), "(.*?)"\)', TABLE, re.M))
METHODS = {}
for _route, _method in re.findall(r"^OPERATION\((\w+), (\w+),", TABLE, re.M):
    METHODS.setdefault(TEMPLATES[_route], set()).add(_method)
PATHS = sorted(METHODS)


def concrete(template):
    return re.sub(r"{\w+}", "1", template)


class TestRouting:
    @pytest.mark.parametrize("template", PATHS)
    def test_other_methods_are_405_with_all_that_the_path_has(self, client, template):
        fitting = [t for t in PATHS if re.fullmatch(re.sub(r"{\w+}", "[^/]+", t), concrete(template))]
        expected = {m for t in fitting for m in METHODS[t]}
        expected |= {"HEAD"} if "GET" in expected else set()
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"} - expected:
            answer = client.request(method, concrete(template))
            assert_refused(answer, 405, "Method Not Allowed")
            assert set(answer.headers["allow"].split(", ")) == expected

    @pytest.mark.parametrize(
        ("method", "path", "word"),
        [("DELETE", "/chores/available", "available"), ("PUT", "/chores/pending-approval", "pending-approval"),
         ("POST", "/chores/child/complete", "child"), ("POST", "/chores/child/reject", "child")],
    )  # fmt: skip
    def test_a_later_path_that_fits_and_has_the_method_wins(self, client, people, method, path, word):
        assert_refused(client.api(path, method), 401, "Not authenticated")
        answer = people.parent().client.api(path, method, json={"rejection_reason": "x"})
        assert [(f[0], f[1]) for f in faults(answer)] == [("int_parsing", ["path", "chore_id"])]
        assert answer.json()["detail"][0]["input"] == word

    @pytest.mark.parametrize("template", [p for p in PATHS if p != "/"])
    def test_a_slash_more_or_less_is_another_path(self, client, template):
        path = concrete(template)
        other = path[:-1] if path.endswith("/") else path + "/"
        for method in METHODS[template]:
            assert_refused(client.request(method, other), 404, "Not Found")

    @pytest.mark.parametrize("path", ["/nope", "/api/v1", "/API/v1/users/me", "/api/v1/users/1", "/api/v1//users/me"])
    def test_unknown_paths(self, client, path):
        assert_refused(client.get(path), 404, "Not Found")

    def test_paths_are_compared_decoded(self, people):
        assert people.parent().client.get("/api/v1/users%2Fme").status_code == 200

    @pytest.mark.parametrize(("path", "read"), [("%", "%"), ("%zz%41", "%zzA"), ("1%2", "1%2"), ("%%31", "%1"), ("%e2%28%a1", "\ufffd(\ufffd")])
    def test_a_stray_percent_stands_for_itself(self, server, people, path, read):
        head = f"HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {people.parent().token}\r\n\r\n"
        with Raw(server) as raw:
            answer = raw.send(f"GET /api/v1/chores/{path} {head}").answer()
            assert (answer.status, json.loads(answer.body)["detail"][0]["input"]) == (422, read)
            assert raw.send(f"GET /{path} {head}").answer().status == 404

    @pytest.mark.parametrize("template", [p for p in PATHS if "GET" in METHODS[p]])
    def test_head_is_get_without_a_body(self, people, template):
        parent = people.parent()
        get, head = (parent.client.request(m, concrete(template)) for m in ("GET", "HEAD"))
        assert head.status_code == get.status_code
        assert head.content == b""
        if template not in ("/metrics", "/api/v1/reports/allowance-summary"):
            assert abs(int(head.headers["content-length"]) - len(get.content)) <= 2


class TestBodies:
    @pytest.mark.parametrize(
        ("kind", "shown"),
        [("text/plain; charset=UTF-8", "text/plain; charset=utf-8"), ("application/xml", "application/xml"), ("JSON", "json")],
    )
    def test_415(self, client, kind, shown):
        for method in ("POST", "PUT", "PATCH"):
            answer = client.request(method, "/api/v1/chores", content="x", headers={"content-type": kind})
            assert answer.status_code == 415
            assert answer.text == (
                '{"error":{"code":"UNSUPPORTED_MEDIA_TYPE","message":"Content-Type \'' + shown + "' is not supported\","
                '"details":{"allowed_types":["application/json","application/x-www-form-urlencoded","multipart/form-data"]}}}'
            )

    def test_what_415_lets_pass(self, client):
        header = {"content-type": "text/plain"}
        for request in (
            {"url": "/api/v1/chores/1", "method": "DELETE", "headers": header},
            {"url": "/api/v1/chores", "method": "POST", "headers": {**header, "hx-request": ""}},
            {"url": "/api/v1/html", "method": "POST", "headers": header},
            {"url": "/api/v1/chores", "method": "POST", "headers": {"content-type": ""}},
        ):
            assert client.request(content="x", **request).status_code in (401, 404)

    def test_413(self, client):
        header = {"content-type": "application/json"}
        answer = client.post("/api/v1/chores", content=b"1" * 1048577, headers=header)
        assert answer.status_code == 413
        assert answer.text == (
            '{"error":{"code":"REQUEST_TOO_LARGE","message":"Request body too large",'
            '"details":{"max_size_bytes":1048576,"request_size_bytes":1048577}}}'
        )
        assert client.post("/api/v1/chores", content=b" " * 1048575 + b"1", headers=header).status_code == 401

    def test_413_counts_chunks(self, client):
        answer = client.post(
            "/api/v1/chores", content=iter([b"x" * 65536] * 20), headers={"content-type": "application/json"}
        )
        assert answer.status_code == 413

    @pytest.mark.parametrize(
        ("body", "reason", "position"),
        [
            ("   ", "Expecting value", 3), ("[1,]", "Expecting value", 3), ("nul", "Expecting value", 0),
            ('{"a":}', "Expecting value", 5), ("+1", "Expecting value", 0), ("-", "Expecting value", 0),
            ("{bad", "Expecting property name enclosed in double quotes", 1),
            ('{"a":1,}', "Expecting property name enclosed in double quotes", 7),
            ('{"a" 1}', "Expecting ':' delimiter", 5), ('{"a":1 "b":2}', "Expecting ',' delimiter", 7),
            ('{"a":1}x', "Extra data", 7), ("01", "Extra data", 1), ("1.", "Extra data", 1),
            ('"abc', "Unterminated string starting at", 0), ('{"a":"\n"}', "Invalid control character at", 6),
            ('"\\x"', "Invalid \\\\escape", 1), ('"\\u12G4"', "Invalid \\\\uXXXX escape", 2),
            ('{"é":\n x', "Expecting value", 7), ("NaN", "Expecting value", 0),
        ],
    )  # fmt: skip
    def test_malformed_json(self, client, body, reason, position):
        answer = client.post("/api/v1/chores", content=body.encode(), headers={"content-type": "application/json"})
        line = body.count("\n", 0, position) + 1
        column = position - (body.rfind("\n", 0, position) + 1) + 1
        assert answer.status_code == 400
        assert answer.text == (
            '{"error":{"code":"MALFORMED_JSON","message":"Invalid JSON in request body","details":{"error":'
            f'"{reason}: line {line} column {column} (char {position})","position":{position}}}}}}}'
        )

    def test_json_of_another_spelling_fails_later(self, people):
        answer = people.parent().post("/families/create", content="{bad", headers={"content-type": "Application/JSON"})
        assert answer.text == (
            '{"detail":[{"type":"json_invalid","loc":["body",1],"msg":"JSON decode error","input":{},'
            '"ctx":{"error":"Expecting property name enclosed in double quotes"}}]}'
        )

    def test_what_is_no_json_is_a_text(self, people):
        parent = people.parent()
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            answer = parent.post("/families/create", content="name=x", headers={"content-type": kind})
            assert answer.json()["detail"] == [
                {"type": "model_attributes_type", "loc": ["body"], "input": "name=x",
                 "msg": "Input should be a valid dictionary or object to extract fields from"}]  # fmt: skip

    def test_encodings_escapes_and_repeated_names(self, people):
        for content in ('{"name":"x","name":"ü😀"}'.encode(), '{"name":"\\u00fc\\ud83d\\ude00"}'.encode(),
                        '{"name":"ü😀"}'.encode("utf-16"), '{"name":"ü😀"}'.encode("utf-8-sig")):  # fmt: skip
            answer = people.parent().post("/families/create", content=content, headers={"content-type": "application/json"})
            assert assert_answer(answer, 201)["name"] == "ü😀"

    def test_lone_surrogates_are_no_text(self, people):
        answer = people.parent().post(
            "/families/create", content=b'{"name":"\\ud83d"}', headers={"content-type": "application/json"}
        )
        assert faults(answer)[0][0] == "string_unicode"
        assert '"input":"\\ud83d"' in answer.text

    def test_deep_nesting_is_refused(self, people):
        answer = people.parent().post(
            "/families/create", content="[" * 2000 + "]" * 2000, headers={"content-type": "application/json"}
        )
        assert_refused(answer, 400, "There was an error parsing the body")

    @pytest.mark.parametrize(
        ("body", "text"),
        [
            (b"garbage", "Invalid multipart data."),
            (b'--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n',
             'The Content-Disposition header field "name" must be provided.'),
            (b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 1001 + b"--b--\r\n",
             "Too many fields. Maximum number of fields is 1000."),
        ],
    )  # fmt: skip
    def test_multipart_errors(self, client, body, text):
        answer = client.post(
            "/api/v1/users/login", content=body, headers={"content-type": "multipart/form-data; boundary=b"}
        )
        assert_refused(answer, 400, text)

    def test_forms_decode_and_the_last_wins(self, client):
        answer = client.post(
            "/api/v1/users/login", content=b"username=a&user%6eame=&grant_type=%C3%A9+%zz%FF;x&password=",
            headers={"content-type": "application/x-www-form-urlencoded"})  # fmt: skip
        detail = answer.json()["detail"]
        assert [d["loc"][1] for d in detail] == ["grant_type", "username", "password"]
        assert detail[0]["input"] == "é %zz\ufffd;x"


ALLOWED = "http://localhost:8081"


class TestCors:
    def test_simple_answers(self, client):
        plain, allowed, other = (client.get_api("/health", headers={"origin": o} if o else {}) for o in (None, ALLOWED, "http://evil"))
        names = ["access-control-allow-credentials", "access-control-expose-headers", "access-control-allow-origin"]
        assert [plain.headers.get(n) for n in names] == [None] * 3
        assert [allowed.headers.get(n) for n in names] == ["true", "Content-Length, Content-Type", ALLOWED]
        assert [other.headers.get(n) for n in names] == ["true", "Content-Length, Content-Type", None]
        assert {a.headers["vary"] for a in (plain, allowed, other)} == {"Origin"}

    def test_errors_are_readable_too(self, client):
        for request in (
            {"content": "{bad", "headers": {"content-type": "application/json", "origin": ALLOWED}},
            {"content": "x", "headers": {"content-type": "text/plain", "origin": ALLOWED}},
        ):
            answer = client.post("/api/v1/nope", **request)
            assert answer.headers["access-control-allow-origin"] == ALLOWED

    def preflight(self, client, **headers):
        headers = {"origin": ALLOWED, "access-control-request-method": "POST",
                   **{k.replace("_", "-"): v for k, v in headers.items()}}  # fmt: skip
        return client.options("/anything", headers=headers)

    def test_preflight(self, client):
        answer = self.preflight(client, access_control_request_headers="Authorization, content-type")
        assert (answer.status_code, answer.text) == (200, "OK")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["access-control-allow-origin"] == ALLOWED
        assert answer.headers["access-control-max-age"] == "600"
        assert answer.headers["access-control-allow-methods"] == "GET, POST, PUT, DELETE, PATCH, OPTIONS"
        assert answer.headers["vary"].startswith("Origin, Access-Control-Request-Method")

    @pytest.mark.parametrize(
        ("headers", "text"),
        [
            ({"origin": "null"}, "origin"),
            ({"access_control_request_method": "HEAD"}, "method"),
            ({"access_control_request_headers": "x-custom"}, "headers"),
            ({"access_control_request_headers": "Accept,"}, "headers"),
            ({"access_control_request_private_network": "true"}, "private-network"),
            ({"access_control_request_private_network": "false"}, "private-network"),
            ({"origin": "x", "access_control_request_method": "get", "access_control_request_headers": "y"},
             "origin, method, headers"),
        ],
    )  # fmt: skip
    def test_preflight_refused(self, client, headers, text):
        answer = self.preflight(client, **headers)
        assert (answer.status_code, answer.text) == (400, f"Disallowed CORS {text}")

    def test_a_star_goes_without_credentials(self, start_server):
        server = start_server(BACKEND_CORS_ORIGINS="*")
        with server.client() as client:
            answer = client.get_api("/health", headers={"origin": "http://evil"})
        assert answer.headers["access-control-allow-origin"] == "http://evil"
        assert "access-control-allow-credentials" not in answer.headers
        # What no answer has room for is no origin; the answer ends all the same.
        for length, is_allowed in ((1024, True), (1025, False), (30000, False)):
            with server.client() as client:
                answer = client.get_api("/health", headers={"origin": "o" * length})
            assert answer.status_code == 200
            assert answer.headers.get("access-control-allow-origin") == ("o" * length if is_allowed else None)


class TestHeaders:
    def test_every_answer_has_a_request_id(self, client):
        for path in ("/", "/nope", "/api/v1/users/me", "/metrics"):
            assert re.match(r"^[0-9a-f]{32}$", client.get(path).headers["x-request-id"])
        assert client.get("/", headers={"x-request-id": "mine-1.2_3"}).headers["x-request-id"] == "mine-1.2_3"
        assert client.get("/", headers={"x-request-id": "no blanks!"}).headers["x-request-id"] != "no blanks!"

    def test_security_headers(self, server, client):
        with server.client(plain=True) as plain:
            for answer in (client.get("/"), plain.get("/")):
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert answer.headers["x-frame-options"] == "DENY"
                assert answer.headers["referrer-policy"] == "no-referrer"
                assert "kore" not in answer.headers.get("server", "").lower()
            assert "strict-transport-security" in client.get("/").headers
            assert "strict-transport-security" not in plain.get("/").headers

    def test_pages_run_their_own_script_only(self, client):
        for path in ("/docs", "/redoc"):
            answer = client.get(path)
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert "script-src 'sha256-" in answer.headers["content-security-policy"]
            assert not re.search(r"(src|href)=[\"']?https?://", answer.text)
