"""How PostgreSQL runs the statements on a large installation.

Every statement of statements.def runs on generated data, with the plan that
the service's sessions ask for: the one for any parameters, see conninfo.h.
What it reads must not grow with the number of families: no table is scanned,
and no scan meets more rows than one family has.

CHORES_PLAN_FAMILIES=1000 makes a million assignments (minutes).
"""

import contextlib
import os
import re
import subprocess
import time

import pytest

from support import statements
from support.ground import ROOT
from support.people import People

pytestmark = pytest.mark.slow

FAMILIES = int(os.environ.get("CHORES_PLAN_FAMILIES", "100"))
# Families of five with nothing to do, so that users too are worth an index.
IDLE_FAMILIES = 4000

# Rows of one family in generate.sql; each row of the ledger may ask for its assignment.
OF_A_FAMILY = {"chores": 930, "chore_assignments": 1230, "reward_adjustments": 1230, "activities": 3000}
# Users are few, but met again for each row that names one.
USERS_MET = 3000
# What the tests have undone stays in the indexes for a while.
SLACK = 1.1

# The family that asks, see generate.sql.
FAMILY = FAMILIES // 2
PARENT, CO_PARENT, CHILD = 5 * FAMILY - 4, 5 * FAMILY - 3, 5 * FAMILY


def chore(number):
    """Number 0 to 869 is for one child, to 909 for all, to 929 the pool's."""
    return number * FAMILIES + FAMILY


def assignment(number):
    return number * FAMILIES + FAMILY


# Of twenty assignments 18 and 19 are open, 17 waits, the others are approved.
OPEN = next(n for n in range(0, 870, 3) if n * 7 % 20 >= 18 and n % 50 != 7)
WAITING = next(n for n in range(870) if n * 7 % 20 == 17 and n % 25 != 0)

# The first of them is wrong already; a body has room for a hundred thousand.
STRANGERS = list(range(1, 2 * USERS_MET))

CODES = ["AAAAAAA1", "AAAAAAA2", "AAAAAAA3"]
DAYS = "'{2026-01-01,2026-07-01,2026-11-02}'"
NEW_CHORE = [
    "T", "", 5.0, None, None, False, 0, False, None, False, " ($5.00)", "5.0",
]  # fmt: skip

# Parameters, $1 (who asks) first. Several for what goes different ways.
PARAMETERS = {
    "caller": [[PARENT]],
    "service_version": [[None]],
    "gauges": [[None]],
    "login": [[None, f"child_{FAMILY}_4"]],
    "account_check": [[PARENT, None, "newcomer", "new@example.com", False, None]],
    "account_lock": [[PARENT, "newcomer", "new@example.com", None]],
    "account_create": [[PARENT, None, "newcomer", "new@example.com", False, None, "hash"]],
    "reset_check": [[PARENT, CHILD]],
    "reset_password": [[PARENT, CHILD, "hash"]],
    "users_list": [[PARENT, 0, 100], [CHILD, 0, 100]],
    "users_children": [[CO_PARENT, PARENT]],
    "users_my_children": [[PARENT]],
    "users_allowance": [[PARENT]],
    "user_balance": [[CHILD]],
    "user_stats": [[PARENT], [CHILD]],
    "family_movers_lock": [[PARENT]],
    "family_create": [[PARENT, CODES, "Name"]],
    "family_join_lock": [[PARENT, "F0000001"]],
    "family_join": [[PARENT, "F0000001"]],
    "family_invite": [[PARENT, CODES, 7]],
    "family_cleanup": [[PARENT, CODES]],
    "family_members": [[PARENT]],
    "family_stats": [[PARENT]],
    "family_context": [[PARENT]],
    "family_remove_lock": [[PARENT]],
    "family_remove": [[PARENT, CHILD, False]],
    "chore_lock": [[PARENT, chore(1), None], [PARENT, None, assignment(1)]],
    "chore_create": [
        [PARENT, "single", [CHILD], *NEW_CHORE],
        [PARENT, "unassigned", [], *NEW_CHORE],
        [PARENT, "multi_independent", STRANGERS, *NEW_CHORE],
    ],
    "chore_update": [
        [PARENT, chore(OPEN), [CHILD], "T", None, 5.0, None, None, None, None, True, None, False, None, True, "daily"],
    ],
    "chore_delete": [[PARENT, chore(WAITING)], [PARENT, chore(880)]],
    "chore_switch": [[PARENT, chore(1), True]],
    "chore_complete": [[CHILD, chore(OPEN)], [CHILD, chore(925)]],
    "assignment_approve": [[PARENT, chore(WAITING), None, None], [PARENT, None, assignment(WAITING), None]],
    "assignment_reject": [[PARENT, chore(WAITING), None, "no"], [PARENT, None, assignment(WAITING), "no"]],
    "chore_rows": [[PARENT, chore(880), None], [PARENT, None, assignment(WAITING)]],
    "chore_access": [[PARENT, chore(1)], [CHILD, chore(OPEN)]],
    "chores_list": [[who, state, None] for who in (PARENT, CHILD) for state in (None, "active", "completed")],
    "chores_child": [[PARENT, CHILD, None, None], [PARENT, CHILD, True, False]],
    "chores_child_access": [[PARENT, CHILD]],
    "chores_available": [[CHILD]],
    "chores_pending": [[PARENT]],
    "adjustment_lock": [[PARENT, CHILD]],
    "adjustment_create": [[PARENT, CHILD, -1, "abc"]],
    "adjustment_access": [[PARENT, CHILD]],
    "adjustments_mine": [[PARENT, 0, 100]],
    "adjustments_child": [[PARENT, CHILD, 0, 100]],
    "adjustments_total": [[PARENT, CHILD]],
    "activities_recent": [[who, 100, 0, kind] for who in (PARENT, CHILD) for kind in (None, "chore_approved")],
    "activities_summary": [[PARENT, 365], [CHILD, 30]],
    "activity_get": [[PARENT, 1000]],
    "statistics_periods": [[PARENT, 0, DAYS, "2026-12-01"], [PARENT, CHILD, DAYS, "2026-12-01"]],
    "report_allowance": [[PARENT, 0, None, None], [PARENT, CHILD, "2026-01-01", "2026-12-01"]],
    "report_access": [[PARENT, CHILD]],
    "report_history": [[PARENT, CHILD, None, None, 50]],
}  # fmt: skip

# Background work for the whole installation: what waits, by an index of just
# that; users by a scan, since whoever counts families meets every parent.
EXEMPT = {("gauges", "chore_assignments"), ("gauges", "users")}


# In a small installation the scan of a table costs next to nothing, until there are some families with years of work;
# the newest rows of somebody are best taken by the right index from the first family on.
SMALL = {
    10: {
        "activities_recent": [[who, 100, 0, kind] for who in (21, 25) for kind in (None, "chore_approved")],
    },
    30: {
        "user_balance": [[25]],
        "users_allowance": [[21]],
        "chores_list": [[who, state, None] for who in (21, 25) for state in (None, "completed")],
    },
}  # fmt: skip


def generate(cluster, families):
    """A new database; its URL."""
    url = cluster.create()
    subprocess.run(
        ["psql", "-X", "-q", "-v", f"families={families}", "-f", ROOT / "tests/db/generate.sql", url],
        check=True,
    )
    return url


@contextlib.contextmanager
def session(cluster, url):
    """Of the kind that the service has."""
    options = dict(re.findall(r"\('(\w+)', '([^'%]+)'\)", (ROOT / "src/db/session.c").read_text()))
    assert {"plan_cache_mode", "random_page_cost"} <= options.keys()
    with cluster.connect(url.rsplit("/", 1)[1]) as connection:
        for name, value in options.items():
            connection.execute(f"SET {name} = '{value}'")
        yield connection


@pytest.fixture(scope="module")
def database(cluster):
    with session(cluster, generate(cluster, FAMILIES)) as connection:
        connection.execute(
            "INSERT INTO families (name, invite_code)"
            f" SELECT 'Idle ' || n, 'I' || lpad(n::text, 7, '0') FROM generate_series(1, {IDLE_FAMILIES}) n"
        )
        connection.execute(
            "INSERT INTO users (username, email, hashed_password, is_parent, family_id)"
            " SELECT f.name || '.' || k, f.name || '.' || k || '@example.com', 'x', k < 2, f.id"
            "   FROM families f, generate_series(0, 4) k WHERE f.name LIKE 'Idle %'"
        )
        connection.execute("VACUUM ANALYZE users, families")
        yield connection


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list):
        items = ",".join(map(str, value))
        return f"'{{{items}}}'"
    return value if value.startswith("'") else "'" + value.replace("'", "''") + "'"


def run(connection, name, parameters):
    """Run it and undo it: its plan with what really happened."""
    call = f"EXECUTE {name}" + (f"({', '.join(map(literal, parameters))})" if parameters else "")
    with connection.transaction(force_rollback=True):
        plan = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {call}").fetchone()[0]
    return plan[0]["Plan"]


def nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def rows_met(node):
    """What a scan has looked at, whether it kept it or not."""
    met = sum(node.get(key, 0) for key in ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck"))
    return met * node["Actual Loops"]


def table_of(node, indexes):
    return node.get("Relation Name") or indexes.get(node.get("Index Name"))


@pytest.fixture(scope="module")
def indexes(database):
    return dict(database.execute("SELECT indexname, tablename FROM pg_indexes WHERE schemaname = 'public'").fetchall())


def faults_of(database, indexes, name, parameters, small=()):
    """What it reads without need; ${small} tables may be scanned."""
    database.execute(f"DEALLOCATE ALL; PREPARE {name} AS {statements.text(name)}")
    for values in parameters:
        for node in nodes(run(database, name, values)):
            table = table_of(node, indexes)
            if table is None or (name, table) in EXEMPT:
                continue
            if node["Node Type"] == "Seq Scan" and table not in small:
                yield values, f"scans {table}"
            met, most = rows_met(node), OF_A_FAMILY.get(table, USERS_MET)
            if met > most * SLACK:
                yield values, f"{node['Node Type']} meets {met} rows of {table}, not {most}"


@pytest.mark.parametrize("name", statements.names())
def test_reads_no_more_than_a_familys_share(database, indexes, name):
    assert list(faults_of(database, indexes, name, PARAMETERS[name])) == []


@pytest.mark.parametrize("families", SMALL)
def test_nor_in_a_small_installation(cluster, indexes, families):
    with session(cluster, generate(cluster, families)) as connection:
        for name, parameters in SMALL[families].items():
            assert list(faults_of(connection, indexes, name, parameters, {"users"})) == [], name


def test_the_gauges_count_only_what_waits(database, indexes):
    """Their cost grows with the work that waits, not with what was done."""
    database.execute(f"DEALLOCATE ALL; PREPARE gauges AS {statements.text('gauges')}")
    found = [n for n in nodes(run(database, "gauges", [None])) if table_of(n, indexes) == "chore_assignments"]
    waiting = database.execute(
        "SELECT count(*) FROM chore_assignments WHERE is_completed AND NOT is_approved").fetchone()[0]  # fmt: skip
    assert found != []
    assert max(map(rows_met, found)) == waiting


def test_plans_follow_tables_that_grow(start_server):
    """Made when a scan was the cheapest; nothing has been analyzed since."""
    server = start_server(WORKERS=1)
    people = People(server)
    people.sql("ALTER TABLE users SET (autovacuum_enabled = off)")
    parent = people.parent()
    assert parent.get("/chores").status_code == 200
    people.sql("INSERT INTO users (username, hashed_password, is_parent) SELECT 'u' || n, 'x', true FROM generate_series(1, 20000) n")
    read = "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'users'"
    time.sleep(6)
    ((before,),) = people.sql(read)
    assert parent.get("/chores").status_code == 200
    time.sleep(0.2)
    ((after,),) = people.sql(read)
    assert 0 < after - before < 1000


def test_every_statement_is_here():
    assert sorted(PARAMETERS) == sorted(statements.names())
