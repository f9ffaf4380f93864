"""Who may what: every operation, asked by everybody.

The family has two parents (parent, who made everything, and co-parent) and
two children (child, whose work it is, and sibling). The others are a parent
and a child of another family, a parent of none, and the inactive.
"""

import re

import pytest

from support.ground import ROOT
from support.people import make_chore

WHO = ["nobody", "child", "sibling", "foreign_child", "parent", "co_parent", "other_parent", "single_parent", "inactive"]

ANYBODY = "401 200 200 200 200 200 200 200 401"
PARENTS = "401 403 403 403 200 200 200 200 401"
CHILDREN = "401 200 200 200 403 403 403 403 401"
MEMBERS = "401 200 200 200 200 200 200 403 401"
PUBLIC = "200 200 200 200 200 200 200 200 200"
REDIRECT = "307 307 307 307 307 307 307 307 307"



class Form(dict):
    """A body that is a form."""


# operation, path below /api/v1 (or whole, behind a dot), body, the status that each of WHO is answered
TABLE = [
    ("POST", "/users/login", Form(username="nobody-at-all", password="x"), "401 401 401 401 401 401 401 401 401"),
    ("POST", "/users/register", Form(username="u{n}", password="password1", is_parent="true", email="u{n}@example.com",
                                     registration_code="BETA2024"), "201 201 201 201 201 201 201 201 201"),
    ("POST", "/users/register", Form(username="u{n}", password="password1", is_parent="false"), "422 422 422 422 201 201 201 201 422"),
    ("GET", "/users/me", None, ANYBODY),
    ("GET", "/users/", None, ANYBODY),
    ("POST", "/users/", {"username": "u{n}", "password": "password1"}, "401 403 403 403 201 201 201 201 401"),
    ("GET", "/users/me/balance", None, CHILDREN),
    ("GET", "/users/my-children", None, PARENTS),
    ("GET", "/users/my-family-children", None, PARENTS),
    ("GET", "/users/children/{parent}", None, ANYBODY),
    ("GET", "/users/allowance-summary", None, PARENTS),
    ("GET", "/users/stats", None, ANYBODY),
    ("GET", "/users/admin/registration-status", None, ANYBODY),
    ("POST", "/users/children/{child}/reset-password", "password1", "401 403 403 403 200 200 403 403 401"),
    ("POST", "/users/html/children/{child}/reset-password", Form(new_password="password1"), "401 403 403 403 200 200 403 403 401"),
    ("GET", "/chores", None, ANYBODY),
    ("GET", "/chores?child_id={child}", None, "401 200 200 200 200 200 404 404 401"),
    ("POST", "/chores", {"title": "T", "assignee_ids": ["{child}"]}, "401 403 403 403 201 201 403 403 401"),
    ("GET", "/chores/available", None, CHILDREN),
    ("GET", "/chores/pending-approval", None, PARENTS),
    ("GET", "/chores/child/{child}", None, "401 403 403 403 200 200 404 404 401"),
    ("GET", "/chores/child/{child}/completed", None, "401 403 403 403 200 200 404 404 401"),
    ("GET", "/chores/{chore}", None, "401 200 403 403 200 200 403 403 401"),
    ("PUT", "/chores/{chore}", {"title": "T"}, "401 403 403 403 200 200 403 403 401"),
    ("POST", "/chores/{chore}/disable", None, "401 403 403 403 200 200 403 403 401"),
    ("POST", "/chores/{disabled}/enable", None, "401 403 403 403 200 200 403 403 401"),
    ("DELETE", "/chores/{chore}", None, "401 403 403 403 204 204 403 403 401"),
    ("POST", "/chores/{chore}/complete", None, "401 200 403 403 403 403 403 403 401"),
    ("POST", "/chores/{pool}/complete", None, "401 200 200 403 403 403 403 403 401"),
    ("POST", "/chores/{done}/approve", {}, "401 403 403 403 200 200 403 403 401"),
    ("POST", "/chores/{done}/reject", {"rejection_reason": "x"}, "401 403 403 403 200 200 403 403 401"),
    ("POST", "/assignments/{assignment}/approve", None, "401 403 403 403 200 200 403 403 401"),
    ("POST", "/assignments/{assignment}/reject", {"rejection_reason": "x"}, "401 403 403 403 200 200 403 403 401"),
    ("GET", "/adjustments/", None, PARENTS),
    ("GET", "/adjustments/?child_id={child}", None, "401 403 403 403 200 200 403 403 401"),
    ("POST", "/adjustments/", {"child_id": "{child}", "amount": 1, "reason": "abc"}, "401 403 403 403 201 201 403 403 401"),
    ("GET", "/adjustments/child/{child}", None, "401 403 403 403 200 200 403 403 401"),
    ("GET", "/adjustments/total/{child}", None, "401 200 403 403 200 200 403 403 401"),
    ("GET", "/activities/recent", None, ANYBODY),
    ("GET", "/activities/summary", None, ANYBODY),
    ("GET", "/activities/types", None, ANYBODY),
    ("GET", "/activities/debug", None, ANYBODY),
    ("GET", "/activities/{activity}", None, "401 200 403 403 200 200 403 403 401"),
    ("GET", "/reports/allowance-summary", None, PARENTS),
    ("GET", "/reports/allowance-summary?child_id={child}", None, "401 403 403 403 200 200 404 404 401"),
    ("GET", "/reports/export/allowance-summary", None, PARENTS),
    ("GET", "/reports/export/allowance-summary?child_id={child}", None, "401 403 403 403 200 200 404 404 401"),
    ("GET", "/reports/reward-history/{child}", None, "401 200 403 403 200 200 404 404 401"),
    ("GET", "/statistics/weekly-summary", None, PARENTS),
    ("GET", "/statistics/weekly-summary?child_id={child}", None, "401 403 403 403 200 200 404 404 401"),
    ("GET", "/statistics/monthly-summary", None, PARENTS),
    ("GET", "/statistics/monthly-summary?child_id={child}", None, "401 403 403 403 200 200 404 404 401"),
    ("GET", "/statistics/trends", None, PARENTS),
    ("GET", "/statistics/trends?child_id={child}", None, "401 403 403 403 200 200 404 404 401"),
    ("GET", "/statistics/comparison", None, PARENTS),
    ("GET", "/statistics/comparison?child_id={child}", None, "401 403 403 403 200 200 404 404 401"),
    ("POST", "/families/create", {}, "401 403 403 403 400 400 400 201 401"),
    ("POST", "/families/join", {"invite_code": "{code}"}, "401 403 403 403 400 400 400 200 401"),
    ("POST", "/families/invite-code/generate", {}, "401 403 403 403 200 200 200 403 401"),
    ("POST", "/families/invite-code", {}, "401 403 403 403 200 200 200 403 401"),
    ("GET", "/families/members", None, MEMBERS),
    ("GET", "/families/stats", None, MEMBERS),
    ("GET", "/families/context", None, ANYBODY),
    ("DELETE", "/families/members/{child}", {"user_id": "{child}"}, "401 403 403 403 200 200 400 403 401"),
    ("POST", "/families/remove-member", {"user_id": "{child}"}, "401 403 403 403 200 200 400 403 401"),
    ("DELETE", "/families/leave", None, "401 200 200 200 200 200 400 403 401"),
    ("POST", "/families/admin/cleanup-invite-codes", None, PARENTS),
    ("GET", "/families/cleanup-codes", None, PARENTS),
    ("GET", "/health", None, PUBLIC),
    ("GET", "/health/ready", None, PUBLIC),
    ("GET", "/health/detailed", None, PUBLIC),
    ("GET", "/docs", None, REDIRECT),
    ("GET", "/redoc", None, REDIRECT),
    *(("GET", f".{path}", None, PUBLIC)
      for path in ("/", "/health", "/metrics", "/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json")),
    # nobody is named: see test_pages.py
    ("GET", "./.well-known/security.txt", None, "404 404 404 404 404 404 404 404 404"),
]


@pytest.fixture
def cast(people):
    parent, co_parent, child, sibling = people.family(children=2, parents=2)
    other_parent, foreign_child = people.family()
    persons = {
        "parent": parent, "co_parent": co_parent, "child": child, "sibling": sibling,
        "other_parent": other_parent, "foreign_child": foreign_child,
        "single_parent": people.parent(), "inactive": people.parent(parent.family_id, is_active=False),
    }  # fmt: skip
    done = make_chore(parent, child)
    child.post(f"/chores/{done['id']}/complete")
    names = {
        "parent": parent.id, "child": child.id, "done": done["id"], "assignment": done["assignments"][0]["id"],
        "chore": make_chore(parent, child)["id"], "disabled": make_chore(parent, child, is_disabled=True)["id"],
        "pool": make_chore(parent)["id"], "n": people.name("x"),
        "activity": people.sql("SELECT max(id) FROM activities WHERE user_id = %s", child.id)[0][0],
        "code": people.sql("SELECT invite_code FROM families WHERE id = %s", parent.family_id)[0][0],
    }  # fmt: skip
    return persons, names


def fill(value, names):
    """The body with its {names}; a lone name keeps its type."""
    if isinstance(value, dict):
        return value.__class__({k: fill(v, names) for k, v in value.items()})
    if isinstance(value, list):
        return [fill(v, names) for v in value]
    if not isinstance(value, str):
        return value
    return names[value[1:-1]] if value[1:-1] in names else value.format(**names)


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"), TABLE, ids=[f"{row[0]} {row[1]}" for row in TABLE]
)
def test_who_may(server, people, cast, method, path, body, expected):
    """Each asks on ground of its own: what one does must not help the next."""
    expected = dict(zip(WHO, map(int, expected.split())))
    persons, names = cast
    answers = {}
    for who in WHO:
        if 200 <= expected[who] < 300 and method != "GET":
            continue  # asked last, below
        answers[who] = ask(server, persons, who, method, path.format(**names), fill(body, names))
    assert answers == {who: expected[who] for who in answers}


@pytest.mark.parametrize(
    ("method", "path", "body", "expected", "who"),
    [
        (*row, who)
        for row in TABLE
        for who, status in zip(WHO, row[3].split())
        if row[0] != "GET" and status.startswith("2")
    ],
    ids=lambda value: value if isinstance(value, str) and value in WHO else None,
)
def test_who_changes(server, cast, method, path, body, expected, who):
    persons, names = cast
    status = ask(server, persons, who, method, path.format(**names), fill(body, names))
    assert status == dict(zip(WHO, map(int, expected.split())))[who]


def ask(server, persons, who, method, path, body):
    token = persons[who].token if who in persons else None
    request = {} if body is None else {"data": body} if isinstance(body, Form) else {"json": body}
    with server.client(token, plain=True) as client:
        return client.request(method, whole(path), **request).status_code


def whole(path):
    return path[1:] if path.startswith(".") else f"/api/v1{path}"


def template(path):
    return re.sub(r"{\w+}", "{}", whole(path).split("?")[0])


def test_the_table_has_every_operation():
    text = (ROOT / "src" / "api" / "operations.def").read_text()
    templates = dict(re.findall(r'^ROUTE\((\w+), "(.*?)"\)', text, re.M))
    operations = {
        (method, re.sub(r"{\w+}", "{}", templates[route]))
        for route, method in re.findall(r"^OPERATION\((\w+), (\w+),", text, re.M)
    }
    assert {(row[0], template(row[1])) for row in TABLE} == operations
