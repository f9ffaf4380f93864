"""The work that is measured: what is asked, of whom, and how it is pressed."""

import dataclasses
import json
import random
import urllib.parse
from collections.abc import Callable

from ground import CHORES, FAMILIES, LISTS, child_id, list_owner_id, parent_id, token


@dataclasses.dataclass(frozen=True)
class Case:
    """How a work is pressed: on which listener, by how many connections. quick: without --full too."""

    listener: str
    connections: int
    quick: bool = False


@dataclasses.dataclass(frozen=True)
class Work:
    """
    name      of --only
    title     as shown
    path      what a peer must serve to take part
    requests  makes the requests that are sent over and over
    cases     how it is pressed
    script    makes pgbench's script of the same statements
    batch     requests that one transaction of that script stands for
    writes    what it leaves in the database is written out between runs
    durable   whether a commit waits for the disk
    only_ours no peer has it
    least_s   seconds of a turn, at least
    """

    name: str
    title: str
    path: str
    requests: Callable
    cases: tuple
    script: Callable = None
    batch: int = 1
    writes: bool = False
    durable: bool = True
    only_ours: bool = False
    least_s: int = 0


def _get(path, user_id):
    return "GET", path, token(user_id), ""


def _post(path, user_id, body=None):
    return "POST", path, token(user_id), json.dumps(body) if body is not None else ""


def _families():
    return range(1, FAMILIES + 1)


def me():
    return [_get("/api/v1/users/me", parent_id(f)) for f in _families()]


def chores():
    return [_get("/api/v1/chores", parent_id(f)) for f in _families()]


def adjustments():
    return [_adjustment(f) for f in _families()]


def _adjustment(family):
    body = {"child_id": child_id(family, 1), "amount": 1.5, "reason": "For the bench"}
    return _post("/api/v1/adjustments/", parent_id(family), body)


# Chore number 2 of each family is its first child's alone: fill.sql.
CYCLE_CHORE = 2


def _cycle_chore_id(family):
    return (family - 1) * CHORES + CYCLE_CHORE


def _complete(family):
    return _post(f"/api/v1/chores/{_cycle_chore_id(family)}/complete", child_id(family, 1))


def _approve(family):
    return _post(f"/api/v1/chores/{_cycle_chore_id(family)}/approve", parent_id(family), {})


def cycles():
    """All families complete, then all approve, so that an approval never overtakes its completion."""
    return [_complete(f) for f in _families()] + [_approve(f) for f in _families()]


def metrics():
    return [("GET", "/metrics", "", "")]


def static():
    return [("GET", "/", "", "")]


def login():
    form = urllib.parse.urlencode
    return [
        ("POST", "/api/v1/users/login", "", form({"username": f"member_{f}_0", "password": "password1"}))
        for f in _families()
    ]


# What clients of a family do in a day, in hundredths.
MIX = {
    "me": 30,
    "chores": 16,
    "available": 16,
    "balance": 10,
    "activities": 8,
    "pending": 8,
    "adjustment": 2,
    "cycle": 10,
}


def mixed():
    """Traffic of all families, in two streams that share no family, since wrk's two threads take turns at the lines."""
    dice = random.Random(1)
    streams = [_stream(dice, list(_families())[half::2]) for half in (0, 1)]
    return [request for pair in zip(*streams) for request in pair]


def _stream(dice, families):
    """A shuffle of all kinds; all families complete before the first approves, and the stream ends with whole cycles."""
    some_child = lambda f: child_id(f, dice.choice((1, 2)))  # noqa: E731
    cycle = iter([_complete(f) for f in families] + [_approve(f) for f in families])
    kinds = [kind for kind, share in MIX.items() for _ in range(share * 2 * len(families) // MIX["cycle"])]
    make = {
        "me": lambda f: _get("/api/v1/users/me", some_child(f)),
        "chores": lambda f: _get("/api/v1/chores", parent_id(f)),
        "available": lambda f: _get("/api/v1/chores/available", some_child(f)),
        "balance": lambda f: _get("/api/v1/users/me/balance", some_child(f)),
        "activities": lambda f: _get("/api/v1/activities/recent", parent_id(f)),
        "pending": lambda f: _get("/api/v1/chores/pending-approval", parent_id(f)),
        "adjustment": _adjustment,
        "cycle": lambda f: next(cycle),
    }
    dice.shuffle(kinds)
    return [make[kind](dice.choice(families)) for kind in kinds]


def list_of(length):
    return lambda: [_get("/api/v1/chores", list_owner_id(length))]


# pgbench's scripts: ${name} is a statement, with its parameters as pgbench's variables.


def pgbench_me(statement):
    return f"\\set f random(1, {FAMILIES})\n\\set p 3 * :f - 2\n{statement('caller', 'p')};\n"


def pgbench_chores(statement):
    return _pipeline(
        f"\\set f random(1, {FAMILIES})\n\\set p 3 * :f - 2\n",
        statement("caller", "p"),
        statement("chores_list", "p", None, None),
    )


def pgbench_adjustments(statement):
    return _pipeline(
        f"\\set f random(1, {FAMILIES})\n\\set p 3 * :f - 2\n\\set c 3 * :f - 1\n",
        statement("caller", "p"),
        statement("adjustment_lock", "p", "c"),
        statement("adjustment_create", "p", "c", "'1.50'", "'For the bench'"),
    )


def pgbench_cycles(statement):
    """A client of pgbench has a part of the families to itself."""
    return _pipeline(
        "\\set f 1 + :client_id + 32 * random(0, 30)\n\\set p 3 * :f - 2\n\\set c 3 * :f - 1\n"
        f"\\set chore (:f - 1) * {CHORES} + {CYCLE_CHORE}\n",
        statement("caller", "c"),
        statement("chore_lock", "c", "chore", None),
        statement("chore_complete", "c", "chore"),
        statement("chore_rows", "c", "chore", None),
    ) + _pipeline(
        "",
        statement("caller", "p"),
        statement("chore_lock", "p", "chore", None),
        statement("assignment_approve", "p", "chore", None, None),
        statement("chore_rows", "p", "chore", None),
    )


def _pipeline(head, *texts):
    """One round trip and one transaction, as a job of ours."""
    return head + "\\startpipeline\n" + "".join(text + ";\n" for text in texts) + "\\endpipeline\n"


def _both(connections, quick=False):
    return Case("plain", connections, quick), Case("tls", connections, quick)


WORKS = (
    Work("me", "GET /api/v1/users/me", "/api/v1/users/me", me,
         (*_both(32, quick=True), *_both(1), *_both(256), *_both(1024)), pgbench_me),
    Work("chores", f"GET /api/v1/chores, {CHORES} chores", "/api/v1/chores", chores,
         (Case("plain", 32, quick=True), Case("tls", 32)), pgbench_chores),
    Work("adjustments", "POST /api/v1/adjustments/", "", adjustments,
         (Case("plain", 32, quick=True), Case("tls", 32)), pgbench_adjustments, writes=True),
    Work("cycles", "complete and approve", "", cycles,
         (Case("plain", 32),), pgbench_cycles, batch=2, writes=True),
    Work("cycles-fast", "complete and approve, fsync off", "", cycles,
         (Case("plain", 32),), pgbench_cycles, batch=2, writes=True, durable=False),
    Work("metrics", "GET /metrics", "/metrics", metrics, (Case("plain", 1, quick=True),)),
    Work("static", "GET /, without a statement", "/", static, _both(32)),
    Work("login", "POST /api/v1/users/login, bcrypt of cost 12", "", login, (Case("plain", 8),), only_ours=True,
         least_s=8),
    Work("mixed", f"mixed traffic of {FAMILIES} families", "", mixed, _both(256), writes=True, only_ours=True),
    *(Work(f"list-{length}", f"GET /api/v1/chores, {length} chores", "", list_of(length),
           (Case("plain", 1),), only_ours=True) for length in LISTS),
)  # fmt: skip
