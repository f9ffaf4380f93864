"""The service's own endpoints: what it is, and how it is."""

import datetime
import re

import pytest

from support.answers import assert_refused

ZONELESS = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$")


def assert_now(text):
    """UTC without a zone, six digits, and about now."""
    assert ZONELESS.match(text), text
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
    assert abs((datetime.datetime.now(datetime.UTC) - moment).total_seconds()) < 10


class TestRoot:
    def test_it_says_what_it_is(self, client):
        answer = client.get("/")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.text == (
            '{"name":"Chores Tracker","version":"3.0.0","status":"running",'
            '"docs":"/docs","redoc":"/redoc","environment":"development",'
            '"frontend":"React Native Web application (separate deployment)"}'
        )

    def test_head_has_the_headers_of_get(self, client):
        answer = client.head("/")
        assert answer.status_code == 200
        assert answer.headers["content-length"] == str(len(client.get("/").content))
        assert answer.content == b""

    def test_plain_listener_answers_the_same(self, server, client):
        with server.client(plain=True) as plain:
            assert plain.get("/").text == client.get("/").text


class TestHealth:
    def test_it_says_that_the_database_is_there(self, client):
        answer = client.get("/health")
        assert answer.status_code == 200
        assert answer.text == '{"status":"healthy","database":"connected"}'

    def test_liveness_asks_no_database(self, client):
        answer = client.get_api("/health")
        assert answer.status_code == 200
        assert list(answer.json()) == ["status", "timestamp"]
        assert answer.json()["status"] == "ok"
        assert_now(answer.json()["timestamp"])

    def test_readiness(self, client):
        answer = client.get_api("/health/ready")
        assert answer.status_code == 200
        assert list(answer.json()) == ["status", "database", "timestamp"]
        assert answer.json()["status"] == "ready"
        assert answer.json()["database"] == "connected"
        assert_now(answer.json()["timestamp"])

    def test_details_name_the_database(self, client):
        body = client.get_api("/health/detailed").json()
        assert list(body) == ["status", "components", "timestamp", "version"]
        database = body["components"]["database"]
        assert list(database) == ["status", "version", "type"]
        assert database["status"] == "healthy"
        assert database["type"] == "PostgreSQL"
        assert re.match(r"PostgreSQL \d+\.\d+ .* on .*, compiled by ", database["version"])
        assert (body["status"], body["version"]) == ("healthy", "3.0.0")
        assert_now(body["timestamp"])


@pytest.mark.parametrize("path", ["/health", "/api/v1/health", "/api/v1/health/ready"])
def test_every_worker_answers(server, path):
    """One connection each, more than the workers are."""
    for _ in range(8):
        with server.client() as client:
            assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/health", "/api/v1/health", "/api/v1/health/ready", "/api/v1/health/detailed"]
)
def test_other_methods_are_405_and_name_the_right_ones(client, path):
    answer = client.post(path)
    assert_refused(answer, 405, "Method Not Allowed")
    assert answer.headers["allow"] == "GET, HEAD"


class TestDatabaseAway:
    """Nothing listens on that port; the server starts nevertheless."""

    @pytest.fixture
    def away(self, start_server):
        server = start_server(
            database_url="postgresql://nobody@127.0.0.1:1/nothing", ready="/api/v1/health"
        )
        with server.client() as client:
            yield client

    def test_health_is_503_without_driver_text(self, away):
        answer = away.get("/health")
        assert answer.status_code == 503
        body = answer.json()
        assert list(body) == ["status", "database", "error"]
        assert (body["status"], body["database"]) == ("unhealthy", "disconnected")
        assert "127.0.0.1" not in body["error"]

    def test_readiness_is_503(self, away):
        answer = away.get_api("/health/ready")
        assert answer.status_code == 503
        body = answer.json()
        assert list(body) == ["status", "database", "error", "timestamp"]
        assert (body["status"], body["database"]) == ("not_ready", "disconnected")
        assert_now(body["timestamp"])

    def test_details_are_503(self, away):
        answer = away.get_api("/health/detailed")
        assert answer.status_code == 503
        body = answer.json()
        assert list(body) == ["status", "components", "timestamp", "version"]
        assert list(body["components"]["database"]) == ["status", "error"]

    def test_root_and_liveness_go_on(self, away):
        assert away.get("/").status_code == 200
        assert away.get_api("/health").status_code == 200


def test_environment_and_name_are_settings(start_server):
    server = start_server(APP_NAME='Ours "and" theirs', ENVIRONMENT="staging")
    with server.client() as client:
        body = client.get("/").json()
    assert (body["name"], body["environment"]) == ('Ours "and" theirs', "staging")


class TestBrowserPaths:
    @pytest.mark.parametrize("page", ["docs", "redoc"])
    def test_the_old_paths_redirect(self, client, page):
        answer = client.get_api(f"/{page}")
        assert answer.status_code == 307
        assert answer.headers["location"] == f"/{page}"
        assert answer.headers["content-length"] == "0"
        assert "content-type" not in answer.headers
