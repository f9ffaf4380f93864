"""A pool such as PgBouncer between the server and PostgreSQL."""

import time

import pytest

from support.people import People
from support.pool import Pool
from support.waiting import eventually

SETTINGS = {
    "timezone": "UTC",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "transaction_isolation": "read committed",
    "statement_timeout": "4s",
}


@pytest.fixture
def pooled(cluster, start_server):
    """Server, people and the pool; the tests' own connections go past it."""
    url = cluster.create()
    with Pool(url) as pool:
        server = start_server(
            pool.url, wait=False, WORKERS=1, DB_STATEMENT_TIMEOUT_MS=4000, DB_CONNECT_TIMEOUT_MS=300
        )
        server.database_url = url
        yield server, pool


def adjust(parent, child):
    return parent.post("/adjustments/", {"child_id": child.id, "amount": "1.00", "reason": "none"})


def test_sessions_have_their_settings_all_the_same(pooled):
    """A pool refuses those that come when a connection begins, or drops them."""
    server, _ = pooled
    with server.db() as db:
        ((name,),) = db.execute("SELECT current_database()").fetchall()
        for other in ("timezone = 'Asia/Tokyo'", "default_transaction_isolation = serializable", "statement_timeout = 0"):
            db.execute(f'ALTER DATABASE "{name}" SET {other}')
    people = People(server.start())
    parent, child = people.family()
    told = " || '|' || ".join(f"current_setting('{name}')" for name in SETTINGS)
    people.sql(f"""
        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN NEW.reason = {told}; RETURN NEW; END $$;
        CREATE TRIGGER tell BEFORE INSERT ON reward_adjustments FOR EACH ROW EXECUTE FUNCTION tell();
    """)
    assert adjust(parent, child).json()["reason"].split("|") == list(SETTINGS.values())
    people.close()


def test_what_would_wait_for_a_full_pool_is_refused(pooled):
    """Once a write is sent, nobody knows what becomes of it."""
    server, pool = pooled
    people = People(server.start())
    parent, child = people.family()
    assert adjust(parent, child).status_code == 201
    pool.room = 0
    pool.restart()
    eventually(lambda: server.metrics()("chores_db_pool_connections", state="idle") == 0)
    answer = adjust(parent, child)
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
    came = pool.clients
    time.sleep(0.7)
    assert pool.clients == came, "they leave and come back"
    pool.room = 1000
    eventually(lambda: adjust(parent, child).status_code == 201)
    assert people.sql("SELECT count(*) FROM reward_adjustments") == [(2,)]
    people.close()
