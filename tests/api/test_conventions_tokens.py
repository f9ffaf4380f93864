"""Tokens: every operation that needs one asks for it, in the same words."""

import re

import pytest

from support.answers import assert_refused
from support.ground import ROOT
from support.people import sign, token_for

TABLE = (ROOT / "src" / "api" / "operations.def").read_text()
TEMPLATES = dict(re.findall(r'^ROUTE\((\w+), "(.*?)"\)', TABLE, re.M))
OPERATIONS = [
    (method, TEMPLATES[route], role)
    for route, method, role in re.findall(r"^OPERATION\((\w+), (\w+), \w+, (\w+),", TABLE, re.M)
]
GUARDED = [(method, template) for method, template, role in OPERATIONS if role != "public"]
PUBLIC = [(method, template) for method, template, role in OPERATIONS if role == "public"]


def ids(operations):
    return [f"{method} {template}" for method, template in operations]


def concrete(template):
    return re.sub(r"{\w+}", "1", template)


def test_what_is_public_is_meant_to_be():
    assert {template for _, template in PUBLIC} == {
        "/", "/health", "/metrics", "/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json", "/api/v1/docs",
        "/.well-known/security.txt",
        "/api/v1/redoc", "/api/v1/health", "/api/v1/health/ready", "/api/v1/health/detailed",
        "/api/v1/users/register", "/api/v1/users/login",
    }  # fmt: skip
    # 61 of the original, 9 of them public, and the 4 that its web client missed
    assert len(GUARDED) == 61 - 9 + 4


@pytest.mark.parametrize(("method", "template"), GUARDED, ids=ids(GUARDED))
def test_nobody_gets_in(server, method, template):
    for token, text in ((None, "Not authenticated"), ("x.y.z", "Invalid authentication credentials"), (token_for(0), "User not found")):
        with server.client(token) as client:
            answer = client.request(method, concrete(template))
            assert_refused(answer, 401, text)
            assert answer.headers["www-authenticate"] == "Bearer"
            if method == "GET":
                assert client.head(concrete(template)).status_code == 401


@pytest.mark.parametrize(("method", "template"), GUARDED, ids=ids(GUARDED))
def test_the_inactive_do_not_either(people, method, template):
    parent, child = people.family()
    people.sql("UPDATE users SET is_active = false WHERE id = ANY(%s)", [parent.id, child.id])
    for person in (parent, child):
        answer = person.client.request(method, concrete(template))
        assert_refused(answer, 401, "Inactive user")
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("header", "claims", "status"),
    [
        ({"crit": ["exp"]}, {}, 401),
        ({"typ": None, "kid": "x"}, {"jti": "x", "iss": 1, "scope": []}, 200),
        ({}, {"jti": 1}, 401),
        ({}, {"at_hash": "x"}, 401),
        ({}, {"aud": "x"}, 401),
    ],
)
def test_what_a_token_may_say_besides(server, people, header, claims, status):
    payload = {"exp": 4102444800, "sub": str(people.parent().id), **claims}
    with server.client(sign({"alg": "HS256", **header}, payload)) as client:
        assert client.get_api("/users/me").status_code == status


class TestSpelling:
    def ask(self, server, *headers):
        from support.raw import Raw

        lines = "".join(f"Authorization: {h}\r\n" for h in headers)
        with Raw(server) as raw:
            return raw.send(f"GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\n{lines}\r\n").answer()

    @pytest.mark.parametrize("spelling", ["Bearer {}", "bearer {}", "BEARER    {}", "Bearer {}   ", "bEARER  {} "])
    def test_good(self, server, people, spelling):
        assert self.ask(server, spelling.format(people.parent().token)).status == 200

    @pytest.mark.parametrize(
        ("spelling", "text"),
        [
            ("Bearer\t{}", "Not authenticated"),
            ("Bearer{}", "Not authenticated"),
            ("Token {}", "Not authenticated"),
            ("{}", "Not authenticated"),
            ("Bearer \t{}", "Invalid authentication credentials"),
            ("Bearer {} x", "Invalid authentication credentials"),
            ("Bearer {},", "Invalid authentication credentials"),
            ("Bearer Bearer {}", "Invalid authentication credentials"),
            ('Bearer "{}"', "Invalid authentication credentials"),
        ],
    )
    def test_bad(self, server, people, spelling, text):
        answer = self.ask(server, spelling.format(people.parent().token))
        assert (answer.status, answer.body.decode()) == (401, f'{{"detail":"{text}"}}')

    def test_the_first_of_two_counts(self, server, people):
        token = people.parent().token
        assert self.ask(server, f"Bearer {token}", "Bearer x").status == 200
        assert self.ask(server, "Bearer x", f"Bearer {token}").status == 401

    def test_neither_cookies_nor_queries_are_looked_at(self, client, people):
        token = people.parent().token
        for request in ({"params": {"access_token": token}}, {"headers": {"cookie": f"access_token={token}"}}, {"headers": {"x-authorization": f"Bearer {token}"}}):
            assert client.get_api("/users/me", **request).status_code == 401

    def test_a_public_operation_does_not_look_at_it(self, server):
        with server.client("x.y.z") as client:
            assert client.get("/").status_code == 200
            assert client.get_api("/health").status_code == 200
