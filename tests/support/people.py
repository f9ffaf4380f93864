"""Parents, children, families and chores to test with.

People made here are rows in the database with a token signed by the tests, in
milliseconds; register() and log_in() go through the API as a client does, and
cost two bcrypt hashes.
"""

import base64
import hashlib
import hmac
import itertools
import json
import time

from support.server import SECRET_KEY

PASSWORD = "secret-password"
# of PASSWORD, at bcrypt's lowest cost
PASSWORD_HASH = "$2b$04$.ViUUdZNBAvWbSwCvGiUdOqbkURH/FwpvJZGAOTiZ6GtGvn7DN0Ku"
REGISTRATION_CODE = "BETA2024"


def token_for(user_id, seconds=3600, key=SECRET_KEY, **claims):
    """A token as the login gives it; claims may override or add."""
    payload = {"exp": int(time.time()) + seconds, "sub": str(user_id), **claims}
    return sign({"alg": "HS256", "typ": "JWT"}, payload, key)


def sign(header, payload, key=SECRET_KEY):
    """Any header and payload as a signed JWT."""
    text = f"{_part(header)}.{_part(payload)}"
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{_encode(digest)}"


def _part(value):
    return _encode(json.dumps(value, separators=(",", ":")).encode())


def _encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Person:
    """A user with a client of their own.

    id, username, password, is_parent, parent_id, family_id, token, server;
    requests by get, post, put, delete, with paths below /api/v1.
    """

    def __init__(self, server, row):
        self.__dict__.update(row)
        self.server = server
        self.password = PASSWORD
        self.token = token_for(self.id)
        self.client = server.client(self.token)
        self.get = self.client.get_api
        self.post = self.client.post_api
        self.put = self.client.put_api
        self.delete = self.client.delete_api


class People:
    """Makes them, with names that no other test uses."""

    _numbers = itertools.count(1)

    def __init__(self, server):
        self.server = server
        self._db = server.db()
        self._made = []

    def close(self):
        for person in self._made:
            person.client.close()
        self._db.close()

    def name(self, stem):
        return f"{stem}{next(self._numbers)}"

    def parent(self, family=None, **columns):
        """A parent, of a family if one is given."""
        username = columns.pop("username", None) or self.name("parent")
        columns.setdefault("email", f"{username}@example.com")
        return self._insert(username, is_parent=True, family_id=family, **columns)

    def child(self, parent, **columns):
        """A child of this parent and of the parent's family."""
        username = columns.pop("username", None) or self.name("child")
        columns.setdefault("family_id", parent.family_id)
        return self._insert(username, is_parent=False, parent_id=parent.id, **columns)

    def family(self, children=1, parents=1):
        """A new family: its parents, then its children, in one list."""
        code = f"F{next(self._numbers):07d}"
        family = self._db.execute(
            "INSERT INTO families (name, invite_code) VALUES (%s, %s) RETURNING id",
            (self.name("Family "), code),
        ).fetchone()[0]
        grown = [self.parent(family) for _ in range(parents)]
        return grown + [self.child(grown[0]) for _ in range(children)]

    def _insert(self, username, **columns):
        row = {"username": username, "hashed_password": PASSWORD_HASH, **columns}
        names = ", ".join(row)
        places = ", ".join(["%s"] * len(row))
        user = self._db.execute(
            f"INSERT INTO users ({names}) VALUES ({places})"
            " RETURNING id, username, email, is_parent, is_active, parent_id, family_id",
            list(row.values()),
        )
        person = Person(
            self.server, dict(zip([c.name for c in user.description], user.fetchone()))
        )
        self._made.append(person)
        return person

    def sql(self, statement, *parameters):
        """Rows of a statement on the server's database; [] if it has none."""
        cursor = self._db.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []

    def register(self, username=None, **fields):
        """Register a parent through the API; the answer."""
        username = username or self.name("registered")
        form = {
            "username": username,
            "password": PASSWORD,
            "is_parent": "true",
            "email": f"{username}@example.com",
            "registration_code": REGISTRATION_CODE,
            **fields,
        }
        with self.server.client() as client:
            return client.post(
                "/api/v1/users/register",
                data={k: v for k, v in form.items() if v is not None},
            )

    def log_in(self, username, password=PASSWORD):
        """Log in through the API; the answer."""
        with self.server.client() as client:
            return client.post(
                "/api/v1/users/login",
                data={"username": username, "password": password},
            )


def make_chore(parent, *children, **fields):
    """A chore through the API, for these children or for the pool: its JSON."""
    mode = ("unassigned", "single")[len(children)] if len(children) < 2 else "multi_independent"
    body = {
        "title": "Dishes",
        "description": "All of them",
        "reward": 5.0,
        "assignment_mode": mode,
        "assignee_ids": [child.id for child in children],
        **fields,
    }
    answer = parent.post("/chores", body)
    assert answer.status_code == 201, answer.text
    return answer.json()
