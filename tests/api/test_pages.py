"""What browsers are shown, and the description of the API that they show."""

import base64
import datetime
import hashlib
import re

import pytest

from support.answers import assert_refused
from support.ground import ROOT

TABLE = (ROOT / "src" / "api" / "operations.def").read_text()
TEMPLATES = dict(re.findall(r'^ROUTE\((\w+), "(.*?)"\)', TABLE, re.M))
OPERATIONS = {
    (TEMPLATES[route], method.lower()): (role, int(limit), status)
    for route, method, role, limit, status in re.findall(r"^OPERATION\((\w+), (\w+), \w+, (\w+), \w+, (\d+), (\d+),", TABLE, re.M)
    if TEMPLATES[route] != "/metrics"
}


class TestPages:
    PAGES = ["/docs", "/redoc", "/docs/oauth2-redirect"]

    @pytest.mark.parametrize("path", PAGES)
    def test_are_complete_in_themselves(self, client, path):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.text.lstrip().lower().startswith("<!doctype html>")
        assert not re.search(r"(src|href|action)\s*=\s*[\"']?(https?:)?//", answer.text)
        assert not re.search(r"\son\w+\s*=", answer.text)
        assert "<title>" in answer.text

    @pytest.mark.parametrize("path", PAGES)
    def test_let_their_own_script_run_and_nothing_else(self, client, path):
        answer = client.get(path)
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["frame-ancestors"] == "'none'"
        scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.S)
        hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
        assert policy.get("script-src", "") == " ".join(f"'sha256-{h}'" for h in hashes)

    @pytest.mark.parametrize("path", [*PAGES, "/openapi.json"])
    def test_have_a_head(self, client, path):
        get, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.content))

    def test_both_show_the_description(self, client):
        for path in ("/docs", "/redoc"):
            assert "/openapi.json" in client.get(path).text


class TestSecurity:
    """RFC 9116."""

    PATH = "/.well-known/security.txt"

    def test_is_not_there_where_nobody_is_named(self, client):
        assert_refused(client.get(self.PATH), 404, "Not Found")

    @pytest.mark.parametrize("contact", ["mailto:security@example.com", "https://example.com/report"])
    def test_names_the_contact_for_most_of_a_year(self, start_server, server, contact):
        with start_server(server.database_url, SECURITY_CONTACT=contact).client() as client:
            get, head = client.get(self.PATH), client.head(self.PATH)
            assert client.post(self.PATH).status_code == 405
        assert (get.status_code, get.headers["content-type"]) == (200, "text/plain; charset=utf-8")
        assert (head.status_code, head.content, head.headers["content-type"]) == (200, b"", get.headers["content-type"])
        fields = dict(line.split(": ", 1) for line in get.text.splitlines())
        assert set(fields) == {"Contact", "Expires"}
        assert fields["Contact"] == contact
        left = datetime.datetime.fromisoformat(fields["Expires"]) - datetime.datetime.now(datetime.UTC)
        assert datetime.timedelta(days=360) < left < datetime.timedelta(days=365)


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


@pytest.fixture(scope="module")
def document(server):
    with server.client() as client:
        answer = client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


class TestDescription:
    def test_says_what_it_is(self, document):
        assert document["openapi"] == "3.1.0"
        assert document["info"] == {"title": "Chores Tracker", "version": "3.0.0"}
        assert [tag["name"] for tag in document["tags"]] == ["users", "chores", "adjustments", "families", "admin"]

    def test_has_the_name_of_the_installation(self, start_server):
        with start_server(APP_NAME='Ours "and" <theirs>').client() as client:
            assert client.get("/openapi.json").json()["info"]["title"] == 'Ours "and" <theirs>'

    def test_has_every_operation_but_the_scrape(self, document):
        described = {(path, method) for path, item in document["paths"].items() for method in item if method != "parameters"}
        assert described == set(OPERATIONS)

    def test_names_of_operations_are_unique(self, document):
        names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
        assert len(names) == len(set(names)) == len(OPERATIONS)

    def test_every_reference_leads_somewhere(self, document):
        for reference in set(references(document)):
            part = document
            for name in reference.removeprefix("#/").split("/"):
                part = part[name]

    @pytest.mark.parametrize(("path", "method"), sorted(OPERATIONS), ids=lambda value: value)
    def test_of_each_operation(self, document, path, method):
        role, limit, status = OPERATIONS[path, method]
        operation = document["paths"][path][method]
        assert ("security" in operation) == (role != "public")
        if role != "public":
            assert operation["security"] == [{"OAuth2PasswordBearer": []}]
            assert "401" in operation["responses"]
        assert status in operation["responses"]
        assert ("429" in operation["responses"]) >= (limit > 0)
        named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path))
        assert all(p["required"] for p in operation.get("parameters", []) if p["in"] == "path")

    def test_tells_how_to_get_a_token(self, document):
        flow = document["components"]["securitySchemes"]["OAuth2PasswordBearer"]
        assert flow == {"type": "oauth2", "flows": {"password": {"scopes": {}, "tokenUrl": "/api/v1/users/login"}}}
