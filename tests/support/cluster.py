"""The PostgreSQL cluster of one test run: private, fast, gone afterwards."""

import itertools
import urllib.parse

import psycopg

from support.ground import dev


class Cluster:
    """A running cluster that hands out migrated databases."""

    def __init__(self, folder):
        self._where = {"DATABASE_FOLDER": folder / "postgres", "DATABASE_FAST": 1}
        self._names = (f"test_{n}" for n in itertools.count(1))
        self.url = self.start()
        dev("migrate", self.create("migrated", template="template0"))

    def start(self):
        """Start it, as a test that has stopped it must; its URL."""
        return dev("database", "start", **self._where)

    def stop(self):
        """Take PostgreSQL away; its data stay."""
        dev("database", "stop", **self._where)

    def url_of(self, name):
        return urllib.parse.urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def connect(self, name="postgres"):
        return psycopg.connect(self.url_of(name), autocommit=True)

    def create(self, name=None, template="migrated"):
        """A new database, migrated unless another template is named; its URL."""
        name = name or next(self._names)
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url_of(name)
