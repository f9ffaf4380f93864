"""Limits of requests a minute: which, whose, and how they are told."""

import concurrent.futures
import contextlib
import time

import pytest

from support.answers import assert_refused
from support.people import People, token_for
from support.server import Server

LOGIN = {"username": "nobody-at-all", "password": "y"}
ORIGIN = "http://localhost:8081"


@pytest.fixture(scope="module")
def limited(cluster, run_folder):
    """Its clients are told apart by what a proxy says of them."""
    proxies = "127.0.0.1, 10.0.0.0/8"
    server = Server(run_folder / "limited", cluster.create(), TESTING="false", TRUSTED_PROXIES=proxies).start()
    yield server
    server.stop()


@pytest.fixture
def family(limited):
    people = People(limited)
    yield people.family()
    people.close()


_addresses = (f"198.51.{n // 256}.{n % 256}" for n in range(65536))


@pytest.fixture
def somewhere():
    """The header of a client that nobody else is."""
    return {"x-forwarded-for": next(_addresses)}


def is_refused(answer):
    return answer.status_code == 429


def until_refused(ask, limit):
    answers = [ask() for _ in range(limit + 1)]
    assert [is_refused(a) for a in answers] == [False] * limit + [True]
    last = answers[-1]
    assert last.text == f'{{"error":"Rate limit exceeded: {limit} per 1 minute"}}'
    assert last.headers["content-type"] == "application/json"
    assert 1 <= int(last.headers["retry-after"]) <= 60
    assert last.headers["x-ratelimit-reset"] == last.headers["retry-after"]
    for answer, remaining in zip(answers, [*range(limit - 1, -1, -1), 0]):
        assert answer.headers["x-ratelimit-limit"] == str(limit)
        assert answer.headers["x-ratelimit-remaining"] == str(remaining)
        assert 0 <= int(answer.headers["x-ratelimit-reset"]) <= 60
    assert all("retry-after" not in a.headers for a in answers[:-1])


class TestNamed:
    LIMITS = [
        ("POST", "/users/login", {"data": LOGIN}, 5),
        ("POST", "/users/register", {"data": {"username": "x", "password": "y", "is_parent": "true"}}, 3),
        ("POST", "/users/", {"json": {"username": "xyz", "password": "short", "is_parent": False}}, 3),
        ("GET", "/users/", {}, 100),
        ("POST", "/chores", {"json": {"title": "T"}}, 30),
        ("PUT", "/chores/999", {"json": {}}, 50),
        ("DELETE", "/chores/999", {}, 20),
        ("POST", "/adjustments/", {"json": {"amount": 1, "reason": "abc", "child_id": 0}}, 30),
        ("GET", "/adjustments/", {}, 100),
        ("GET", "/adjustments/child/999", {}, 100),
        ("GET", "/adjustments/total/999", {}, 100),
        ("POST", "/families/join", {"json": {"invite_code": "ABCDEFGH"}}, 5),
        ("POST", "/users/children/999/reset-password", {"json": "abcd"}, 5),
        ("POST", "/users/html/children/999/reset-password", {"data": {"new_password": "abcd"}}, 5),
    ]

    @pytest.mark.parametrize(("method", "path", "request_", "limit"), LIMITS, ids=[f"{row[0]} {row[1]}" for row in LIMITS])
    def test_each(self, family, somewhere, method, path, request_, limit):
        until_refused(lambda: family[0].client.api(path, method, headers=somewhere, **request_), limit)

    def test_methods_of_a_path_are_counted_apart(self, family, somewhere):
        for _ in range(4):
            answer = family[0].post("/users/", {"username": "xyz", "password": "short"}, headers=somewhere)
        assert is_refused(answer)
        assert family[0].get("/users/", headers=somewhere).status_code == 200

    def test_the_rest_has_none(self, family, somewhere):
        for path in ("/users/me", "/families/context", "/chores", "/statistics/trends", "/health"):
            answer = family[0].get(path, headers=somewhere)
            assert answer.status_code == 200
            assert "x-ratelimit-limit" not in answer.headers

    def test_health_and_metrics_are_never_limited(self, limited):
        with limited.client(plain=True) as client:
            for path in ("/health", "/metrics", "/api/v1/health"):
                assert {client.get(path).status_code for _ in range(210)} == {200}


class TestWhatCounts:
    def test_not_what_was_refused_before(self, family, limited, somewhere):
        parent, child = family
        for _ in range(8):
            assert parent.put("/chores/555", {"title": ""}, headers=somewhere).status_code == 422
        for token in (None, "garbage", token_for(0)):
            with limited.client(token) as client:
                for _ in range(60):
                    assert client.put_api("/chores/555", {}, headers=somewhere).status_code == 401
        until_refused(lambda: parent.put("/chores/555", {}, headers=somewhere), 50)

    def test_not_who_may_not_at_the_door(self, family, limited, somewhere):
        parent, child = family
        code = {"invite_code": "ABCDEFGH"}
        for _ in range(8):
            assert child.post("/families/join", code, headers=somewhere).status_code == 403
        until_refused(lambda: parent.post("/families/join", code, headers=somewhere), 5)

    def test_the_inactive_do_not(self, limited, somewhere):
        people = People(limited)
        away, parent = people.parent(is_active=False), people.parent()
        for _ in range(8):
            assert away.post("/families/join", {"invite_code": "ABCDEFGH"}, headers=somewhere).status_code == 401
        until_refused(lambda: parent.post("/families/join", {"invite_code": "ABCDEFGH"}, headers=somewhere), 5)
        people.close()

    def test_what_the_operation_refuses_does(self, family, somewhere):
        child = family[1]
        until_refused(lambda: child.post("/users/", {"username": "xyz", "password": "password1"}, headers=somewhere), 3)

    def test_a_login_that_succeeds_does(self, limited, family, somewhere):
        form = {"username": family[0].username, "password": family[0].password}
        with limited.client() as client:
            until_refused(lambda: client.post_api("/users/login", data=form, headers=somewhere), 5)

    def test_refused_ones_are_not_counted_as_failures(self, limited, somewhere):
        before = limited.metrics()
        with limited.client() as client:
            for _ in range(9):
                client.post_api("/users/login", data=LOGIN, headers=somewhere)
        after = limited.metrics()
        assert after("user_login_failures_total") - before("user_login_failures_total") == 5
        name = {"name": "chores_rate_limited_requests_total", "handler": "/api/v1/users/login"}
        assert after(**name) - (before.get(**name) or 0) == 4


class TestBuckets:
    def test_each_path_has_its_own(self, family, somewhere):
        for _ in range(21):
            answer = family[0].delete("/chores/777", headers=somewhere)
        assert is_refused(answer)
        assert family[0].delete("/chores/778", headers=somewhere).status_code == 404

    @pytest.mark.parametrize("spelling", ["/api/v1/users/lo%67in", "/api/v1%2fusers%2flogin", "/api/v1/users/login?x=1"])
    def test_another_spelling_is_no_other_path(self, limited, somewhere, spelling):
        with limited.client() as client:
            for _ in range(5):
                assert client.post_api("/users/login", data=LOGIN, headers=somewhere).status_code == 401
            assert is_refused(client.post(spelling, data=LOGIN, headers=somewhere))

    def test_users_of_one_address_share_one(self, limited, somewhere):
        people = People(limited)
        statuses = [people.parent().delete("/chores/1000", headers=somewhere).status_code for _ in range(21)]
        assert statuses == [404] * 20 + [429]
        people.close()

    def test_listeners_share_one(self, limited, somewhere):
        with limited.client() as tls, limited.client(plain=True) as plain:
            answers = [c.post_api("/users/login", data=LOGIN, headers=somewhere) for c in (tls, plain) * 3]
        assert [a.status_code for a in answers] == [401] * 5 + [429]

    def test_workers_share_one(self, limited, somewhere):
        """A connection for each request, many at once: they come to both workers."""

        def ask(_):
            with limited.client(plain=True) as client:
                return client.post_api("/users/login", data=LOGIN, headers=somewhere).status_code

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(ask, range(40)))
        assert sorted(statuses) == [401] * 5 + [429] * 35

    @pytest.mark.slow
    def test_a_window_lasts_a_minute_from_its_first_request(self, limited, somewhere):
        with limited.client() as client:
            answers = [client.post_api("/users/login", data=LOGIN, headers=somewhere) for _ in range(6)]
            assert is_refused(answers[-1])
            time.sleep(int(answers[-1].headers["retry-after"]) - 3)
            assert is_refused(client.post_api("/users/login", data=LOGIN, headers=somewhere))
            time.sleep(4)
            answer = client.post_api("/users/login", data=LOGIN, headers=somewhere)
        assert (answer.status_code, answer.headers["x-ratelimit-remaining"]) == (401, "4")
        assert int(answer.headers["x-ratelimit-reset"]) >= 59


class TestPaths:
    def test_a_number_is_the_same_however_it_is_written(self, family, somewhere):
        parent = family[0]
        for spelling in ("999", "0999", "%2B999", "999.0", "%20999"):
            answer = parent.post(f"/users/children/{spelling}/reset-password", "abcd", headers=somewhere)
            assert_refused(answer, 404, "Child not found")
        assert is_refused(parent.post("/users/children/9_99/reset-password", "abcd", headers=somewhere))
        assert not is_refused(parent.post("/users/children/998/reset-password", "abcd", headers=somewhere))

    def test_so_is_a_path(self, limited, somewhere):
        with limited.client() as client:
            for path in ("login", "%6cogin", "logi%6E", "login?x=1", "login?y"):
                client.post_api(f"/users/{path}", data=LOGIN, headers=somewhere)
            assert is_refused(client.post_api("/users/login", data=LOGIN, headers=somewhere))


class TestAddresses:
    """Of peers that are proxies, the right-most address of X-Forwarded-For that is none."""

    def exhaust(self, client, forwarded):
        for _ in range(5):
            client.post_api("/users/login", data=LOGIN, headers={"x-forwarded-for": forwarded})

    @pytest.mark.parametrize(
        ("forwarded", "same"),
        [
            ("203.0.113.1", "9.9.9.9, 203.0.113.1"),
            ("203.0.113.2", "203.0.113.2, 10.1.2.3, 127.0.0.1"),
            ("203.0.113.3", "203.0.113.3:4711"),
            ("203.0.113.4", "::ffff:203.0.113.4"),
            ("2001:db8::1", "[2001:db8:0::1]:80"),
            ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2"),  # of one /64
            ("127.0.0.1", "nonsense"),
            ("127.0.0.1", ""),
        ],
    )
    def test_who_is_the_same(self, limited, forwarded, same):
        with limited.client() as client:
            self.exhaust(client, forwarded)
            assert is_refused(client.post_api("/users/login", data=LOGIN, headers={"x-forwarded-for": same}))

    @pytest.mark.parametrize(
        ("forwarded", "other"), [("203.0.113.5", "203.0.113.6"), ("203.0.113.7", "203.0.113.7, 203.0.113.8"), ("2001:db8:0:2::1", "2001:db8:0:3::1")]
    )
    def test_who_is_another(self, limited, forwarded, other):
        with limited.client() as client:
            self.exhaust(client, forwarded)
            assert client.post_api("/users/login", data=LOGIN, headers={"x-forwarded-for": other}).status_code == 401

    def test_a_proxy_may_write_a_line_of_its_own(self, limited):
        """Below those of its client, who may have sent anything."""
        with limited.client() as client:
            self.exhaust(client, "203.0.113.9")
            forged = [("x-forwarded-for", "203.0.113.10"), ("x-forwarded-for", ""), ("X-Forwarded-For", "203.0.113.9")]
            assert is_refused(client.post_api("/users/login", data=LOGIN, headers=forged))

    def test_strangers_are_not_believed(self, start_server):
        server = start_server(TESTING="false")
        with server.client() as client:
            answers = [client.post_api("/users/login", data=LOGIN, headers={"x-forwarded-for": f"9.9.9.{n}"}) for n in range(6)]
        assert [a.status_code for a in answers] == [401] * 5 + [429]


class TestTold:
    def test_browsers_may_read_it(self, limited, somewhere):
        headers = {**somewhere, "origin": ORIGIN}
        with limited.client() as client:
            for _ in range(6):
                answer = client.post_api("/users/login", data=LOGIN, headers=headers)
        assert is_refused(answer)
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert answer.headers["vary"] == "Origin"

    def test_tokens_and_faults_come_before_it(self, family, limited, somewhere):
        for _ in range(6):
            answer = family[0].post("/families/join", {"invite_code": "ABCDEFGH"}, headers=somewhere)
        assert is_refused(answer)
        with limited.client() as client:
            answer = client.post_api("/families/join", {"invite_code": "ABCDEFGH"}, headers=somewhere)
            assert_refused(answer, 401, "Not authenticated")
        with limited.client(token_for(0)) as client:
            answer = client.post_api("/families/join", {"invite_code": "ABCDEFGH"}, headers=somewhere)
            assert_refused(answer, 401, "User not found")
        assert family[0].post("/families/join", {}, headers=somewhere).status_code == 422
        answer = family[1].post("/families/join", {"invite_code": "ABCDEFGH"}, headers=somewhere)
        assert_refused(answer, 403, "This operation requires parent privileges")

    def test_it_comes_before_the_operations_own_checks(self, family, somewhere):
        parent, child = family
        for _ in range(4):
            answer = parent.post("/users/", {"username": "xyz", "password": "short"}, headers=somewhere)
        assert is_refused(answer)
        assert is_refused(child.post("/users/", {"username": "xyz", "password": "short"}, headers=somewhere))


class TestDefault:
    @contextlib.contextmanager
    def asking(self, start_server):
        server = start_server(TESTING="false", RATE_LIMIT_DEFAULT=3)
        people = People(server)
        yield people.parent()
        people.close()

    def test_it_is_for_all_that_has_none_of_its_own(self, start_server):
        with self.asking(start_server) as parent:
            until_refused(lambda: parent.get("/users/me"), 3)
            until_refused(lambda: parent.client.get("/"), 3)
            until_refused(lambda: parent.post("/families/admin/cleanup-invite-codes"), 3)
            until_refused(lambda: parent.post("/families/join", {"invite_code": "ABCDEFGH"}), 5)
            for path in ("/health", "/metrics", "/api/v1/health", "/api/v1/health/ready", "/api/v1/health/detailed"):
                assert {parent.client.get(path).status_code for _ in range(5)} == {200}

    def test_what_is_not_there_is_not_counted(self, start_server):
        with self.asking(start_server) as parent:
            for _ in range(5):
                assert parent.client.get("/nope").status_code == 404
                assert parent.client.put("/").status_code == 405
                assert parent.client.options("/", headers={"origin": ORIGIN, "access-control-request-method": "GET"}).status_code == 200
            until_refused(lambda: parent.client.get("/"), 3)
