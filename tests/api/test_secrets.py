"""What nobody is ever told: not by an answer, and not by the log at its most talkative."""

import re

import pytest

from support.answers import assert_refused
from support.people import REGISTRATION_CODE, People
from support.server import SECRET_KEY

WORD = "the-hidden-word"
INTERNAL = "Internal Server Error"


@pytest.fixture
def talkative(start_server):
    """A server that tells all it knows, and people on it."""
    server = start_server(LOG_LEVEL="debug", METRICS_AUTH_TOKEN="hidden-token-of-the-scrape")
    people = People(server)
    yield server, people
    people.close()


def assert_silent(server, *secrets):
    log = server.log()
    assert " debug " in log
    for secret in (WORD, SECRET_KEY, "hidden-token", "$2b$", *secrets):
        assert secret not in log, [line for line in log.splitlines() if secret in line]


class TestLog:
    def test_of_a_day_with_passwords(self, talkative):
        server, people = talkative
        parent, child = people.family()
        made = people.register(password=WORD).json()
        people.register(password=WORD, username=made["username"])
        token = people.log_in(made["username"], WORD).json()["access_token"]
        people.log_in(made["username"], WORD + "!")
        people.log_in(WORD, WORD)
        parent.post("/users/", {"username": people.name("kid"), "password": WORD})
        parent.post("/users/", {"username": "x", "password": WORD})
        parent.post(f"/users/children/{child.id}/reset-password", WORD)
        parent.post(f"/users/html/children/{child.id}/reset-password", data={"new_password": WORD})
        with server.client(token) as client:
            client.get_api(f"/users/me?password={WORD}", headers={"x-secret": WORD, "cookie": WORD})
            client.get("/metrics", headers={"authorization": "Bearer hidden-token-of-the-scrape"})
        assert_silent(server, token, parent.token, REGISTRATION_CODE)

    def test_of_statements_that_fail(self, talkative):
        """The row that PostgreSQL refuses holds a hash, and its complaint would show it."""
        server, people = talkative
        parent, child = people.family()
        people.sql("ALTER TABLE users ADD CONSTRAINT nobody CHECK (username NOT LIKE 'unwanted%%')")
        answer = parent.post("/users/", {"username": "unwanted-one", "password": WORD, "email": "unwanted@example.com"})
        assert (answer.status_code, answer.text) == (500, INTERNAL)
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        answer = people.register("unwanted-two", password=WORD)
        assert (answer.status_code, answer.text) == (500, INTERNAL)
        people.sql("ALTER TABLE users RENAME COLUMN hashed_password TO gone")
        for answer in (people.log_in(child.username, WORD), parent.post(f"/users/children/{child.id}/reset-password", WORD)):
            assert (answer.status_code, answer.text) == (500, INTERNAL)
        people.sql("ALTER TABLE users RENAME COLUMN gone TO hashed_password")
        assert "SQLSTATE 23514" in server.log()
        assert_silent(server, "unwanted", child.username)

    def test_cannot_be_forged(self, talkative):
        server, people = talkative
        people.log_in("x\nFORGED LINE\r\x1b[31m", "y")
        with server.client() as client:
            client.get("/nope%0AFORGED%20LINE%0D%1B%5B31m%C2%9B")
            client.get("/nope", headers={"x-request-id": "FORGED"})
        log = (server.folder / "server.log").read_bytes()
        assert not re.search(rb"^FORGED", log, re.M)
        assert b"\x1b" not in log
        assert b"\r" not in log
        assert b"\xc2\x9b" not in log
        assert b"FORGED LINE\\x0d\\x1b[31m\\xc2\\x9b " in log


class TestAnswers:
    def test_hold_no_hash(self, people):
        parent, child = people.family()
        answers = [people.register(), parent.post("/users/", {"username": people.name("kid"), "password": WORD})]
        answers += [parent.get(f"/users/{p}") for p in ("", "me", "stats", "my-children", "my-family-children", f"children/{parent.id}")]
        answers += [parent.get("/families/members"), parent.post(f"/users/children/{child.id}/reset-password", WORD)]
        for answer in answers:
            assert answer.status_code in (200, 201)
            assert "$2" not in answer.text
            assert "hash" not in answer.text
            assert WORD not in answer.text

    def test_hold_no_words_of_the_driver(self, people):
        """Requests at which the original showed its statements, parameters and all."""
        parent, child = people.family()
        assert_refused(parent.post("/users/children/2147483648/reset-password", WORD), 404, "Child not found")
        assert_refused(people.register("x" * 101), 422, "Username must be between 3 and 50 characters long")
        assert people.register(parent_id="99999999999").status_code == 201
        assert people.register(parent_id="4242").json()["parent_id"] is None
        assert parent.get("/users/?limit=99999999999999999999").status_code == 200

    def test_tell_children_no_code(self, people):
        parent, child = people.family()
        ((code,),) = people.sql("SELECT invite_code FROM families WHERE id = %s", parent.family_id)
        for path in ("/families/context", "/families/stats", "/families/members", "/users/stats"):
            assert code not in child.get(path).text
            assert (code in parent.get(path).text) == (path != "/families/members")

    def test_tell_nobody_the_registration_codes(self, people):
        for person in people.family():
            assert "BETA" not in person.get("/users/admin/registration-status").text


def test_the_outage_is_told_in_a_word(start_server):
    url = "postgresql://someone:hidden-word@127.0.0.1:1/secretname"
    server = start_server(url, ready="/api/v1/health")
    with server.client() as client:
        answers = [client.get(p) for p in ("/health", "/api/v1/health/ready", "/api/v1/health/detailed")]
        answers.append(client.post_api("/users/login", data={"username": "x", "password": "y"}))
    for answer in answers:
        assert answer.status_code == 503
        for word in ("127.0.0.1", "someone", "hidden-word", "secretname"):
            assert word not in answer.text
    assert "hidden-word" not in server.log()
