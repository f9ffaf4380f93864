"""What a run stands on: a PostgreSQL cluster of the bench's own, its families, their tokens, the statements as files."""

import base64
import hashlib
import hmac
import json
import pathlib
import re
import subprocess
import urllib.parse

import psycopg

from support import statements
from support.ground import ROOT, STATE, dev

SECRET_KEY = "a-key-of-the-bench-that-is-long-enough"
FAMILIES = 1000
CHORES = 50  # of a family
LISTS = (1, 10, 100, 1000, 10000)  # chores of the parents behind the families: fill.sql
EXPIRES = 4102444800  # of all tokens: 2100

BUILT = ROOT / ".build" / "bench"


def parent_id(family):
    return 3 * family - 2


def child_id(family, number):
    """Number 1 or 2 of a family's children."""
    return parent_id(family) + number


def list_owner_id(length):
    return 3 * FAMILIES + 1 + LISTS.index(length)


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token(user_id):
    parts = {"alg": "HS256", "typ": "JWT"}, {"exp": EXPIRES, "sub": str(user_id)}
    signed = b".".join(_base64url(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    signature = hmac.new(SECRET_KEY.encode(), signed, hashlib.sha256).digest()
    return (signed + b"." + _base64url(signature)).decode()


def write_statements(folder):
    """The statements as the peers and pgbench read them: without comments, which may name parameters."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in statements.names():
        text = re.sub(r"\s*--.*", "", statements.text(name)).strip() + "\n"
        (folder / f"{name}.sql").write_text(text)
    return folder


class Database:
    """The cluster, in the durable form of an installation, and a fresh database in it."""

    where = {"DATABASE_FOLDER": STATE / "bench" / "postgres"}

    def __enter__(self):
        self._cluster_url = dev("database", "start", **self.where)
        with self.connect("postgres") as connection:
            (data,) = connection.execute("SHOW data_directory").fetchone()
        self.pid = int((pathlib.Path(data) / "postmaster.pid").read_text().splitlines()[0])
        self.set_durable(True)
        return self

    def __exit__(self, *_):
        dev("database", "stop", **self.where)

    def url(self, name="bench"):
        return urllib.parse.urlsplit(self._cluster_url)._replace(path=f"/{name}").geturl()

    def connect(self, name="bench"):
        return psycopg.connect(self.url(name), autocommit=True)

    def fill(self, name, script, **numbers):
        """A new database of that name, migrated and filled by an SQL script; its URL."""
        with self.connect("postgres") as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
        dev("migrate", self.url(name))
        variables = [f"-v{key}={value}" for key, value in numbers.items()]
        subprocess.run(["psql", "-X", *variables, "-f", ROOT / script, self.url(name)], check=True)
        return self.url(name)

    def fill_families(self):
        return self.fill("bench", "bench/fill.sql", families=FAMILIES, chores=CHORES)

    def take_back(self):
        """After a run of writes: what waits for approval would be in the way of the next."""
        with self.connect() as connection:
            connection.execute("UPDATE chore_assignments SET is_completed = false WHERE is_completed AND NOT is_approved")

    def settle(self):
        """After a run of writes: clean up and write out, so that the next run meets what this one met."""
        self.take_back()
        with self.connect() as connection:
            connection.execute("VACUUM chore_assignments, chores, users, reward_adjustments, activities")
            connection.execute("CHECKPOINT")

    def set_durable(self, durable):
        """fsync and with it all that makes a commit wait for the disk."""
        with self.connect("postgres") as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = {'on' if durable else 'off'}")
            connection.execute("SELECT pg_reload_conf()")
