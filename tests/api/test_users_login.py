"""Tokens: how one gets them and what they are worth."""

import base64
import json
import statistics
import time

import pytest

from support.answers import assert_answer, assert_refused, faults
from support.people import PASSWORD, sign, token_for
from support.server import SECRET_KEY

FAILED = "Incorrect username or password"


def decode(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class TestLogin:
    def test_a_token_is_as_it_always_was(self, people):
        parent = people.parent()
        answer = people.log_in(parent.username)
        body = assert_answer(answer)
        assert list(body) == ["access_token", "token_type"]
        assert body["token_type"] == "bearer"
        header, payload, _ = body["access_token"].split(".")
        assert base64.urlsafe_b64decode(header) == b'{"alg":"HS256","typ":"JWT"}'
        claims = decode(payload)
        assert list(claims) == ["exp", "sub"]
        assert claims["sub"] == str(parent.id)
        assert abs(claims["exp"] - time.time() - 11520 * 60) < 60
        assert sign({"alg": "HS256", "typ": "JWT"}, claims) == body["access_token"]

    def test_the_token_opens_what_is_ones_own(self, people):
        parent = people.parent()
        token = people.log_in(parent.username).json()["access_token"]
        with people.server.client(token) as client:
            assert client.get_api("/users/me").json()["id"] == parent.id

    @pytest.mark.parametrize(
        ("form", "expected"),
        [
            ({}, [("missing", "username"), ("missing", "password")]),
            ({"username": "mum", "password": ""}, [("missing", "password")]),
            ({"grant_type": "foo"}, [("string_pattern_mismatch", "grant_type"), ("missing", "username"), ("missing", "password")]),
        ],
    )
    def test_fields_are_needed(self, client, form, expected):
        answer = client.post("/api/v1/users/login", data=form)
        assert [(f[0], f[1][1]) for f in faults(answer)] == expected

    def test_what_is_not_needed_is_ignored(self, people, client):
        form = {"scope": "x y", "client_id": "a", "client_secret": "b", "more": "c", "grant_type": "password"}
        form |= {"username": people.parent().username, "password": PASSWORD}
        assert client.post("/api/v1/users/login", data=form).status_code == 200

    def test_a_wrong_password_of_any_length_is_only_wrong(self, people):
        parent = people.parent()
        for password in ("x" * 72, "x" * 5000, "é" * 100000):
            assert_refused(people.log_in(parent.username, password), 401, FAILED)
        assert_refused(people.log_in("x" * 100000, PASSWORD), 401, FAILED)

    def test_an_empty_grant_type_is_none(self, people, client):
        answer = client.post(
            "/api/v1/users/login",
            data={"grant_type": "", "username": people.parent().username, "password": PASSWORD},
        )
        assert answer.status_code == 200

    def test_wrong_names_and_passwords_are_told_alike(self, people):
        parent = people.parent()
        before = people.server.metrics()("user_login_failures_total")
        wrong = [
            (parent.username, "wrong"),
            (parent.username.upper(), PASSWORD),
            (parent.username + " ", PASSWORD),
            (parent.email, PASSWORD),
            ("nobody-at-all", PASSWORD),
            (parent.username + "\0x", PASSWORD),
            (parent.username, PASSWORD + "\0"),
        ]
        for username, password in wrong:
            answer = people.log_in(username, password)
            assert_refused(answer, 401, FAILED)
            assert "www-authenticate" not in answer.headers
        after = people.server.metrics()("user_login_failures_total")
        assert after - before == len(wrong)

    def test_the_inactive_are_told_so_only_with_the_right_password(self, people):
        away = people.parent(is_active=False)
        before = people.server.metrics()("user_login_failures_total")
        assert_refused(people.log_in(away.username), 401, "User is inactive")
        assert_refused(people.log_in(away.username, "wrong"), 401, FAILED)
        assert people.server.metrics()("user_login_failures_total") - before == 2

    @pytest.mark.parametrize(
        "stored",
        ["", "!", "plain", "$2x$04$.ViUUdZNBAvWbSwCvGiUdOqbkURH/FwpvJZGAOTiZ6GtGvn7DN0Ku", "$2b$12$short", "$2b$99$" + "x" * 53],
    )
    def test_a_hash_that_is_none_opens_nothing(self, people, stored):
        parent = people.parent(hashed_password=stored)
        assert_refused(people.log_in(parent.username), 401, FAILED)

    @pytest.mark.parametrize("prefix", ["$2a$", "$2b$", "$2y$"])
    def test_the_kinds_of_bcrypt_are_one(self, people, prefix):
        parent = people.parent(
            hashed_password=prefix + "04$.ViUUdZNBAvWbSwCvGiUdOqbkURH/FwpvJZGAOTiZ6GtGvn7DN0Ku"
        )
        assert people.log_in(parent.username).status_code == 200

    def test_only_72_bytes_count(self, people):
        name = people.name("long")
        assert people.register(name, password="p" * 72).status_code == 201
        assert people.log_in(name, "p" * 4000).status_code == 200
        assert people.log_in(name, "p" * 71).status_code == 401

    def test_logins_are_counted_by_role(self, people):
        parent, child = people.family()
        before = people.server.metrics()
        for person in (parent, child, child):
            assert people.log_in(person.username).status_code == 200
        after = people.server.metrics()
        assert [after("user_logins_total", role=r) - before("user_logins_total", role=r) for r in ("parent", "child")] == [1, 2]

    @pytest.mark.timing
    def test_unknown_names_take_as_long(self, people):
        name = people.name("slow")
        people.register(name)

        def median(username):
            took = []
            for _ in range(3):
                started = time.monotonic()
                people.log_in(username, "wrong")
                took.append(time.monotonic() - started)
            return statistics.median(took)

        assert 0.5 < median("nobody-at-all") / median(name) < 2


def bearer(token):
    return f"Bearer {token}"


NOT = "Not authenticated"
INVALID = "Invalid authentication credentials"


class TestTokens:
    @pytest.mark.parametrize(
        ("header", "text"),
        [
            (None, NOT),
            ("", NOT),
            ("Basic abc", NOT),
            ("Bearer\tabc", NOT),
            ("Bearer", INVALID),
            ("Bearer garbage", INVALID),
            ("Bearer a.b.c", INVALID),
        ],
    )
    def test_no_token_is_none(self, client, header, text):
        headers = {} if header is None else {"Authorization": header}
        answer = client.get_api("/users/me", headers=headers)
        assert_refused(answer, 401, text)
        assert answer.headers["www-authenticate"] == "Bearer"

    @pytest.fixture
    def ask(self, people, client):
        parent = people.parent()

        def ask(token):
            return client.get_api("/users/me", headers={"Authorization": bearer(token)})

        ask.id = parent.id
        return ask

    def test_refused(self, ask):
        def signed(header=None, key=SECRET_KEY, **claims):
            payload = {"exp": int(time.time()) + 60, "sub": str(ask.id), **claims}
            payload = {k: v for k, v in payload.items() if v != "absent"}
            return sign(header or {"alg": "HS256", "typ": "JWT"}, payload, key)

        good = signed()
        header, payload, signature = good.split(".")
        wrong = [
            signed(key="another key"),
            signed({"alg": "none"}),
            signed({"alg": "HS512"}),
            signed({"alg": "HS256", "crit": ["exp"]}),
            f"{header}.{payload}.",
            f"{header}.{payload}",
            f"{header}.{payload}.{signature[:-2]}",
            signed(exp=int(time.time()) - 2),
            signed(exp="soon"),
            signed(exp=None),
            signed(exp="absent"),
            signed(nbf=int(time.time()) + 60),
            signed(iat="now"),
            signed(aud="us"),
            signed(sub=ask.id),
            signed(sub=""),
            signed(sub=None),
            signed(sub="absent"),
            signed(sub="me"),
            signed(sub="99999999999"),
            sign({"alg": "HS256"}, [1, 2]),
        ]
        assert ask(good).status_code == 200
        for token in wrong:
            assert_refused(ask(token), 401, INVALID)

    def test_accepted(self, ask):
        for claims in (
            {"exp": str(int(time.time()) + 60)},
            {"exp": time.time() + 60.5},
            {"iat": int(time.time()) + 999},
            {"sub": f" {ask.id} "},
            {"sub": f"+{ask.id}"},
            {"sub": f"0{ask.id}"},
            {"more": {"nested": [1]}},
        ):
            assert ask(token_for(ask.id, **claims)).status_code == 200, claims
        assert ask(sign({"alg": "HS256"}, {"exp": int(time.time()) + 60, "sub": str(ask.id)})).status_code == 200

    @pytest.mark.parametrize("spelling", ["bearer {}", "BEARER {}", "Bearer   {}"])
    def test_the_scheme_is_of_any_case_and_blanks_fall_off(self, people, client, spelling):
        header = spelling.format(people.parent().token)
        assert client.get_api("/users/me", headers={"Authorization": header}).status_code == 200

    def test_the_user_must_be_there_and_active(self, people, client):
        answer = client.get_api("/users/me", headers={"Authorization": bearer(token_for(0))})
        assert_refused(answer, 401, "User not found")
        away = people.parent(is_active=False)
        answer = away.get("/users/me")
        assert_refused(answer, 401, "Inactive user")
        assert answer.headers["www-authenticate"] == "Bearer"

    def test_the_role_is_the_rows(self, people):
        parent = people.parent()
        people.sql("UPDATE users SET is_parent = false WHERE id = %s", parent.id)
        assert parent.get("/users/me/balance").status_code == 200


def test_a_token_born_expired_opens_nothing(start_server):
    server = start_server(ACCESS_TOKEN_EXPIRE_MINUTES=-1)
    from support.people import People

    people = People(server)
    token = people.log_in(people.parent().username).json()["access_token"]
    with server.client(token) as client:
        assert_refused(client.get_api("/users/me"), 401, INVALID)
    people.close()
