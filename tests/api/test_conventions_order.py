"""Who objects first: a request passes the layers in order, and the first that objects answers.

Each row is a request that breaks the rules of several layers at once.
"""

import pytest

from support.answers import assert_refused, faults
from support.people import token_for

JSON = {"content-type": "application/json"}
TEXT = {"content-type": "text/plain"}
LARGE = b" " * 1048577
ORIGIN = "http://localhost:8081"


def code(answer):
    return answer.json().get("error", {}).get("code")


class TestRequestChecks:
    """415, 413, then 400, before there is any routing or token."""

    @pytest.mark.parametrize("path", ["/api/v1/nope", "/api/v1/chores", "/api/v1/users/me", "/api/v1/users/login", "/api/"])
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
    def test_their_own_order(self, client, method, path):
        assert code(client.request(method, path, content=LARGE, headers=TEXT)) == "UNSUPPORTED_MEDIA_TYPE"
        assert code(client.request(method, path, content=LARGE, headers=JSON)) == "REQUEST_TOO_LARGE"
        assert code(client.request(method, path, content=b"{bad", headers=JSON)) == "MALFORMED_JSON"

    def test_delete_may_be_of_any_type(self, client):
        for path in ("/api/v1/nope", "/api/v1/chores/1"):
            assert code(client.request("DELETE", path, content=LARGE, headers=TEXT)) == "REQUEST_TOO_LARGE"
            assert code(client.request("DELETE", path, content=b"{bad", headers=JSON)) == "MALFORMED_JSON"
        assert_refused(client.request("DELETE", "/api/v1/chores/1", content=b"{bad", headers=TEXT), 401, "Not authenticated")

    @pytest.mark.parametrize("method", ["GET", "OPTIONS", "HEAD"])
    def test_some_methods_are_not_looked_at(self, client, method):
        for headers, content in ((TEXT, b"x"), (JSON, b"{bad")):
            answer = client.request(method, "/api/v1/users/me", content=content, headers=headers)
            assert answer.status_code == (405 if method == "OPTIONS" else 401)

    @pytest.mark.parametrize("method", ["FOO", "TRACE"])
    def test_unknown_methods_are(self, client, method):
        assert code(client.request(method, "/api/v1/users/me", content=b"{bad", headers=JSON)) == "MALFORMED_JSON"
        assert client.request(method, "/api/v1/users/me", content=b"x", headers=TEXT).status_code == 405

    @pytest.mark.parametrize("path", ["/", "/health", "/nope", "/docs", "/apiary"])
    def test_what_is_outside_of_the_api_is_not_looked_at(self, client, path):
        status = 404 if path in ("/nope", "/apiary") else 405
        assert client.post(path, content=b"{bad", headers=JSON).status_code == status
        assert client.post(path, content=b"x", headers=TEXT).status_code == status

    def test_bodies_that_nobody_reads_must_be_well_formed(self, people):
        parent, child = people.family()
        for path in ("/families/admin/cleanup-invite-codes", f"/chores/{child.id}/disable"):
            assert code(parent.post(path, content=b"{bad", headers=JSON)) == "MALFORMED_JSON"
        assert parent.post("/families/admin/cleanup-invite-codes", content=b"[1, 2]", headers=JSON).status_code == 200


class TestPreflights:
    def test_come_before_routing(self, client):
        headers = {"origin": ORIGIN, "access-control-request-method": "POST"}
        for path in ("/nope", "/api/v1/users/me", "/api/v1/chores", "/metrics"):
            answer = client.options(path, headers=headers)
            assert (answer.status_code, answer.text) == (200, "OK")

    @pytest.mark.parametrize("missing", ["origin", "access-control-request-method"])
    def test_without_one_of_the_two_it_is_none(self, client, missing):
        headers = {"origin": ORIGIN, "access-control-request-method": "POST"}
        del headers[missing]
        assert_refused(client.options("/api/v1/chores", headers=headers), 405, "Method Not Allowed")
        assert_refused(client.options("/nope", headers=headers), 404, "Not Found")
        answer = client.options("/api/v1/chores", headers={**headers, missing: ""})
        assert answer.status_code == (405 if missing == "access-control-request-method" else 400)


class TestBodiesBeforeTokens:
    """What cannot be parsed at all is told to anybody."""

    @pytest.mark.parametrize("content", [b'"\xff"', b"[" * 2000 + b"]" * 2000, b"1" + b"0" * 4301])
    def test_unparsable(self, client, people, content):
        for asker in (client, people.parent().client):
            answer = asker.post("/api/v1/families/create", content=content, headers=JSON)
            assert_refused(answer, 400, "There was an error parsing the body")

    def test_multipart(self, client):
        for path in ("/users/html/children/abc/reset-password", "/users/login", "/users/register"):
            answer = client.post_api(path, content=b"x", headers={"content-type": "multipart/form-data"})
            assert_refused(answer, 400, "Missing boundary in multipart.")

    def test_json_of_another_spelling(self, client):
        answer = client.post("/api/v1/families/create", content=b"{bad", headers={"content-type": "APPLICATION/JSON"})
        assert faults(answer)[0][0] == "json_invalid"


class TestTokensBeforeTheRest:
    @pytest.mark.parametrize(
        ("token", "text"),
        [(None, "Not authenticated"), ("garbage", "Invalid authentication credentials"), (token_for(0), "User not found")],
    )
    def test_faults_and_roles_wait(self, server, token, text):
        with server.client(token) as client:
            for method, path, body in (
                ("POST", "/users/", {"username": "x"}),
                ("GET", "/users/?skip=x", None),
                ("GET", "/users/children/abc", None),
                ("POST", "/families/create", [1]),
                ("DELETE", "/families/members/abc", {}),
                ("POST", "/users/children/abc/reset-password", 5),
                ("PUT", "/chores/abc", {"title": ""}),
                ("GET", "/statistics/trends?period=x", None),
            ):
                answer = client.api(path, method, **({} if body is None else {"json": body}))
                assert_refused(answer, 401, text)
                assert answer.headers["www-authenticate"] == "Bearer"

    def test_the_inactive_are_told_first(self, people):
        away = people.parent(is_active=False)
        assert_refused(away.post("/users/", {"username": "x"}), 401, "Inactive user")
        assert_refused(away.post("/families/create", [1]), 401, "Inactive user")


class TestRolesAndFaults:
    """Where the role is a matter of the operation, faults come first; where it is asked at the door, last."""

    def test_faults_first(self, people):
        _, child = people.family()
        for method, path, body in (
            ("POST", "/users/", {}),
            ("POST", "/users/children/abc/reset-password", "abcd"),
            ("POST", "/adjustments/", {}),
            ("PUT", "/chores/abc", {}),
            ("DELETE", "/chores/abc", None),
            ("GET", "/chores/child/abc", None),
            ("GET", "/statistics/trends?period=x", None),
            ("POST", "/families/invite-code/generate", {"expires_in_days": 0}),
            ("DELETE", "/families/members/1", {}),
        ):
            answer = child.client.api(path, method, **({} if body is None else {"json": body}))
            assert answer.status_code == 422, path

    def test_roles_first(self, people):
        _, child = people.family()
        for path in ("/families/create", "/families/join"):
            assert_refused(child.post(path, [1]), 403, "This operation requires parent privileges")
        membership = "This operation requires family membership. Please create or join a family first."
        single = people.parent()
        for path in ("/families/invite-code/generate", "/families/invite-code", "/families/remove-member"):
            assert_refused(single.post(path, [1]), 403, membership)
        assert_refused(single.delete("/families/members/abc"), 403, membership)
        assert_refused(people.child(single).delete("/families/members/abc"), 403, membership)
