"""docs/api.md says of every operation what the server's tables say."""

import re

import pytest

from support import documents

API = documents.read("docs/api.md")
TABLE = documents.table(documents.section(API, "Operations"))
WHO = {"public": "anybody", "any": "any user", "parent": "parents", "parent_first": "parents", "child": "children"}


def test_the_table_is_operations_def():
    text = documents.read("src/api/operations.def")
    templates = dict(re.findall(r'^ROUTE\((\w+), "(.*?)"\)', text, re.M))
    wanted = []
    for route, method, role, problem, limit, status in re.findall(
        r"^OPERATION\((\w+), (\w+), \w+, (\w+), (\w+), (\d+), (\d+), \w+\)", text, re.M
    ):
        who = WHO.get(role) or ("members" if problem == "none" else "parents in a family")
        wanted.append([method, f"`{templates[route]}`", who, "" if limit == "0" else limit, status])
    assert [row[:5] for row in TABLE] == wanted


def fields(schema):
    return set(schema.get("properties", ())), set(schema.get("required", ()))


@pytest.fixture(scope="module")
def described(server):
    """What the server says that each operation reads: all names, required names."""
    with server.client() as client:
        paths = client.get("/openapi.json").json()["paths"]
    found = {}
    for path, item in paths.items():
        for method, operation in item.items():
            names, required = set(), set()
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "query":
                    names.add(parameter["name"])
            for content in operation.get("requestBody", {"content": {}})["content"].values():
                have, must = fields(content["schema"])
                names |= have
                required |= must
            found[method.upper(), path] = names, required
    return found


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[1]}")
def test_what_it_reads_is_what_the_server_reads(described, row):
    method, path, reads = row[0], row[1].strip("`"), row[5]
    names, required = described.get((method, path), (set(), set()))
    assert set(re.findall(r"`(\w+)`", reads)) == names
    bold = set(re.findall(r"\*\*`(\w+)`\*\*", reads))
    # a rule of its own, with a text of its own
    assert bold - ({"title"} if (method, path) == ("POST", "/api/v1/chores") else set()) == required


def test_every_status_that_problems_have_is_explained():
    explained = documents.section(API, "Status codes")
    for status in set(re.findall(r"^PROBLEM\(\w+, (\d+),", documents.read("src/http/problems.def"), re.M)):
        assert re.search(rf"^\| [^|]*\b{status}\b", explained, re.M), status


def test_texts_that_it_quotes_are_the_servers():
    """Sentences in {"detail":"…"} are rows of problems.def."""
    texts = set(re.findall(r'^PROBLEM\(\w+, \d+, "(.*)"\)', documents.read("src/http/problems.def"), re.M))
    quoted = set(re.findall(r'\{"detail":"([^"…]+)"\}', API))
    assert len(quoted) >= 5
    assert quoted <= texts
