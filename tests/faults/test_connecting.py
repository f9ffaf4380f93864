"""PostgreSQL is somewhere else, says nothing, or takes no writes: the service finds one that does."""

import contextlib
import functools
import socket
import time
import urllib.parse

from support import waiting
from support.people import People

eventually = functools.partial(waiting.eventually, seconds=8)


@contextlib.contextmanager
def silent_port():
    """The kernel accepts there, and nobody ever answers: a host that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def behind(url, port):
    """The same database, behind another host."""
    parts = urllib.parse.urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}@127.0.0.1:{port},{host}").geturl()


def test_a_host_that_says_nothing_is_passed_over(cluster, start_server):
    with silent_port() as port:
        server = start_server(behind(cluster.create(), port), DB_CONNECT_TIMEOUT_MS=300)
        assert server.metrics()("chores_db_up") == 1


def adjust(parent, child, reason):
    return parent.post("/adjustments/", {"child_id": child.id, "amount": 1, "reason": reason}).status_code


def test_writes_go_on_when_the_database_takes_them_again(start_server):
    """Sessions keep what they were told when they began."""
    server = start_server(WORKERS=1)
    people = People(server)
    parent, child = people.family()
    name = urllib.parse.urlsplit(server.database_url).path[1:]
    people.sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    people.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    try:
        eventually(lambda: parent.get("/users/me").status_code == 200)
        # What goes to a session that is just ending is of unknown outcome: 504.
        eventually(lambda: adjust(parent, child, "refused") == 503)
        time.sleep(0.5)
        assert [adjust(parent, child, "refused") for _ in range(3)] == [503] * 3
        assert parent.get("/users/me").status_code == 200
    finally:
        people.sql(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    eventually(lambda: adjust(parent, child, "taken") == 201)
    assert people.sql("SELECT DISTINCT reason FROM reward_adjustments") == [("taken",)]
    people.close()
