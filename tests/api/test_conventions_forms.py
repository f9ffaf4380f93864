"""Forms: urlencoded and multipart, as operations that read them see them.

Login tells what it has read: a wrong grant_type comes back as it was decoded,
and what is missing is named.
"""

import json

import pytest

from support.answers import assert_refused, faults

PATTERN = '"ctx":{"pattern":"^password$"}'


def send(client, content, kind="application/x-www-form-urlencoded", path="/users/login"):
    content = content.encode() if isinstance(content, str) else content
    headers = {} if kind is None else {"content-type": kind}
    return client.api(path, "POST", content=content, headers=headers)


def grant(answer):
    """What grant_type was read as; None: it was absent or right."""
    detail = answer.json()["detail"]
    if not isinstance(detail, list) or detail[0]["loc"][1] != "grant_type":
        return None
    assert detail[0]["type"] == "string_pattern_mismatch"
    assert PATTERN in answer.text
    return detail[0]["input"]


def missing(answer):
    return [loc[1] for kind, loc, _ in faults(answer) if kind == "missing"]


class TestUrlencoded:
    @pytest.mark.parametrize(
        ("body", "read"),
        [
            ("grant_type=a+b", "a b"),
            ("grant_type=a%20b", "a b"),
            ("grant_type=%C3%BC%F0%9F%98%80", "ü😀"),
            ("grant_type=%FF%C3", "\ufffd\ufffd"),
            ("grant_type=%", "%"),
            ("grant_type=%4", "%4"),
            ("grant_type=%zz%41", "%zzA"),
            ("grant_type=a;b=c", "a;b=c"),
            ("grant_type=a=b", "a=b"),
            ("grant_type=a&grant_type=b", "b"),
            ("grant_type=password&grant_type=b", "b"),
            ("&&grant_type=a&&", "a"),
            ("gr%61nt%5Ftype=a", "a"),
            ("x&=y&grant_type=a", "a"),
            ("grant_type=b&grant_type=password", None),
            ("grant_type=b&grant_type=", None),
            ("grant_type", None),
            ("GRANT_TYPE=b", None),
            ("grant_type=password", None),
            ("", None),
        ],
    )
    def test_is_decoded(self, client, body, read):
        answer = send(client, body)
        assert grant(answer) == read
        assert missing(answer) == ["username", "password"]

    @pytest.mark.parametrize(
        "kind",
        ["application/x-www-form-urlencoded; charset=utf-8", "Application/X-WWW-Form-URLencoded", "application/x-www-form-urlencoded ;x"],
    )
    def test_its_type_may_be_spelled_otherwise(self, client, kind):
        assert grant(send(client, "grant_type=a", kind)) == "a"

    def test_what_is_ignored_may_hold_anything(self, client):
        answer = send(client, "scope=%00&client_id=a%00b&client_secret=%00&username=x")
        assert faults(answer) == [("missing", ["body", "password"], "Field required")]

    def test_empty_values_are_absent(self, client):
        assert missing(send(client, "username=&password=x")) == ["username"]
        assert missing(send(client, "username=x&username=&password=x")) == ["username"]

    def test_it_has_fields_without_end_but_a_thousand(self, client):
        assert grant(send(client, "a=1&" * 999 + "grant_type=b")) == "b"
        answer = send(client, "a=1&" * 1000 + "grant_type=b")
        assert_refused(answer, 400, "Too many fields. Maximum number of fields is 1000.")

    @pytest.mark.parametrize("kind", [None, "", "application/json", "application/JSON"])
    def test_what_is_no_form_is_an_empty_one(self, client, kind):
        body = json.dumps({"username": "x", "password": "y"})
        assert missing(send(client, body, kind)) == ["username", "password"]
        assert missing(send(client, body, kind, "/users/register")) == ["username", "password", "is_parent"]


def part(value, disposition='form-data; name="grant_type"', more=""):
    return f"--b\r\nContent-Disposition: {disposition}\r\n{more}\r\n{value}\r\n"


END = "--b--\r\n"
MULTIPART = "multipart/form-data; boundary=b"


class TestMultipart:
    @pytest.mark.parametrize(
        ("body", "read"),
        [
            (part("a b+%41") + END, "a b+%41"),
            (part("ü😀") + END, "ü😀"),
            (part("a\r\nb") + END, "a\r\nb"),
            (part("a\r\n--bb") + END, "a\r\n--bb"),
            (part("a") + part("b") + END, "b"),
            (part("a", more="Content-Type: text/plain\r\nX: y\r\n") + END, "a"),
            (part("a", "FORM-DATA; NAME=grant_type") + END, "a"),
            (part("a", 'form-data; x="y;z"; name="grant_type"') + END, "a"),
            (part("x", 'form-data; name="a\\"b"') + part("a") + END, "a"),
            ("\r\n" + part("a") + END, "a"),
            (part("a") + END + "what follows", "a"),
            (part("a").replace("Content-Disposition", "content-disposition") + END, "a"),
            (part("password") + END, None),
            (part("") + END, None),
            (part("a"), None),  # it never ends
            (part("a")[:-2], None),
            (part("password") + part("a"), None),
            (END, None),
            ("", None),
        ],
    )
    def test_is_read(self, client, body, read):
        answer = send(client, body, MULTIPART)
        assert grant(answer) == read
        assert missing(answer) == ["username", "password"]

    @pytest.mark.parametrize(
        ("kind", "boundary"),
        [('multipart/form-data; boundary="b"', "b"), ("Multipart/Form-Data; Boundary=b", "b"), ("multipart/form-data; x=y; boundary=b; z", "b"),
         ('multipart/form-data; boundary="b c"', "b c"), (f"multipart/form-data; boundary={'x' * 70}", "x" * 70)],
    )  # fmt: skip
    def test_boundaries(self, client, kind, boundary):
        body = (part("a") + END).replace("--b", f"--{boundary}")
        assert grant(send(client, body, kind)) == "a"

    @pytest.mark.parametrize(
        ("kind", "body", "text"),
        [
            ("multipart/form-data", part("a") + END, "Missing boundary in multipart."),
            ("multipart/form-data; boundary", part("a") + END, "Invalid multipart data."),
            (MULTIPART, "a" + part("a") + END, "Invalid multipart data."),
            (MULTIPART, part("a").replace("--b", "--c") + END, "Invalid multipart data."),
            (MULTIPART, part("a", "form-data") + END, 'The Content-Disposition header field "name" must be provided.'),
            (MULTIPART, "--b\r\nX: y\r\n\r\na\r\n" + END, 'The Content-Disposition header field "name" must be provided.'),
            (MULTIPART, part("a") * 1001 + END, "Too many fields. Maximum number of fields is 1000."),
        ],
    )
    def test_is_refused(self, client, kind, body, text):
        assert_refused(send(client, body, kind), 400, text)

    def test_a_thousand_fields_will_do(self, client):
        assert grant(send(client, part("a") * 1000 + END, MULTIPART)) == "a"

    def test_a_file_is_no_text(self, client):
        body = part("x", 'form-data; name="username"; filename="u.txt"') + part("y", 'form-data; name="password"') + END
        answer = send(client, body, MULTIPART)
        assert faults(answer) == [("string_type", ["body", "username"], "Input should be a valid string")]

    def test_a_file_of_a_password_is_not_shown(self, client):
        body = part("x", 'form-data; name="username"') + part("hidden-word", 'form-data; name="password"; filename="hidden-name"') + END
        answer = send(client, body, MULTIPART)
        assert faults(answer) == [("string_type", ["body", "password"], "Input should be a valid string")]
        assert "hidden" not in answer.text

    def test_it_opens_what_a_form_opens(self, people, client):
        parent, child = people.family()
        fields = {"username": (None, parent.username), "password": (None, parent.password)}
        assert client.post("/api/v1/users/login", files=fields).status_code == 200
        answer = parent.post(f"/users/html/children/{child.id}/reset-password", files={"new_password": (None, "abcd")})
        assert answer.json()["success"] is True
