"""Two at once: exactly one wins, and is paid, counted and noted once."""

import concurrent.futures

import pytest

from support.answers import assert_answer
from support.people import make_chore


def at_once(*requests):
    """Run them in parallel, each on a connection of its own: their answers."""
    with concurrent.futures.ThreadPoolExecutor(len(requests)) as pool:
        return [f.result() for f in [pool.submit(run) for run in requests]]


def asks(person, method, path, body=None):
    def run():
        request = {} if body is None else {"json": body}
        with person.client.__class__(person.client.base_url, person.token, verify=False) as client:
            return client.api(path, method, **request)

    return run


def statuses(answers):
    return sorted(a.status_code for a in answers)


def ledger(people, child):
    return people.sql("SELECT amount::float8 FROM reward_adjustments WHERE child_id = %s", child.id)


class TestApprovals:
    def test_one_of_twenty_pays(self, people):
        parent, co_parent, child = people.family(parents=2)
        chore = make_chore(parent, child)
        assignment = assert_answer(child.post(f"/chores/{chore['id']}/complete"))["assignment"]["id"]
        before = people.server.metrics()
        answers = at_once(*[asks(p, "POST", f"/assignments/{assignment}/approve", {})
                            for p in (parent, co_parent) for _ in range(10)])  # fmt: skip
        assert statuses(answers) == [200] + [400] * 19
        assert {a.text for a in answers if a.status_code == 400} == {'{"detail":"Assignment is already approved"}'}
        assert ledger(people, child) == [(5.0,)]
        after = people.server.metrics()
        assert after("chores_approved_total", mode="single") - before("chores_approved_total", mode="single") == 1
        assert after("rewards_paid_total") - before("rewards_paid_total") == 5

    @pytest.mark.parametrize("_", range(5))
    def test_approve_or_reject_but_not_both(self, people, _):
        parent, child = people.family()
        chore = make_chore(parent, child)
        assignment = assert_answer(child.post(f"/chores/{chore['id']}/complete"))["assignment"]["id"]
        approved, rejected = at_once(
            asks(parent, "POST", f"/assignments/{assignment}/approve", {}),
            asks(parent, "POST", f"/assignments/{assignment}/reject", {"rejection_reason": "no"}))  # fmt: skip
        assert statuses([approved, rejected]) == [200, 400]
        assert len(ledger(people, child)) == (approved.status_code == 200)
        ((completed, is_approved),) = people.sql(
            "SELECT is_completed, is_approved FROM chore_assignments WHERE id = %s", assignment)  # fmt: skip
        assert completed == is_approved == (approved.status_code == 200)


class TestCompletions:
    def test_one_of_many_completes(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child)
        answers = at_once(*[asks(child, "POST", f"/chores/{chore['id']}/complete") for _ in range(8)])
        assert statuses(answers) == [200] + [400] * 7
        assert people.sql("SELECT count(*) FROM activities WHERE user_id = %s", child.id) == [(1,)]

    def test_one_child_claims(self, people):
        parent, *children = people.family(children=4)
        pool = make_chore(parent)
        answers = at_once(*[asks(c, "POST", f"/chores/{pool['id']}/complete") for c in children for _ in range(2)])
        assert statuses(answers) == [200] + [400] * 7
        assert people.sql("SELECT count(*) FROM chore_assignments WHERE chore_id = %s", pool["id"]) == [(1,)]

    @pytest.mark.parametrize("_", range(5))
    def test_delete_or_complete(self, people, _):
        parent, child = people.family()
        chore = make_chore(parent, child)
        deleted, completed = at_once(
            asks(parent, "DELETE", f"/chores/{chore['id']}"), asks(child, "POST", f"/chores/{chore['id']}/complete"))  # fmt: skip
        assert deleted.status_code == 204
        assert completed.status_code in (200, 404)
        assert people.sql("SELECT count(*) FROM activities WHERE user_id = %s", child.id) == [
            (int(completed.status_code == 200),)]  # fmt: skip

    @pytest.mark.parametrize("_", range(5))
    def test_reassign_or_complete(self, people, _):
        parent, first, second = people.family(children=2)
        chore = make_chore(parent, first)
        changed, completed = at_once(
            asks(parent, "PUT", f"/chores/{chore['id']}", {"assignee_ids": [second.id]}),
            asks(first, "POST", f"/chores/{chore['id']}/complete"))  # fmt: skip
        assert statuses([changed, completed]) in ([200, 400], [200, 403])


class TestMoney:
    def test_penalties_share_one_balance(self, people):
        parent, co_parent, child = people.family(parents=2)
        assert parent.post("/adjustments/", {"child_id": child.id, "amount": 10, "reason": "abc"}).status_code == 201
        answers = at_once(*[asks(p, "POST", "/adjustments/", {"child_id": child.id, "amount": -4, "reason": "abc"})
                            for p in (parent, co_parent) for _ in range(4)])  # fmt: skip
        assert statuses(answers) == [201] * 2 + [400] * 6
        assert sum(amount for (amount,) in ledger(people, child)) == 2


class TestFamilies:
    def test_one_family_is_founded(self, people):
        parent = people.parent()
        answers = at_once(*[asks(parent, "POST", "/families/create", {"name": "Race"}) for _ in range(6)])
        assert statuses(answers) == [201] + [400] * 5
        assert people.sql("SELECT count(*) FROM users u JOIN families f ON f.id = u.family_id WHERE u.id = %s", parent.id) == [(1,)]

    def test_one_family_is_joined(self, people):
        codes = [assert_answer(people.parent().post("/families/create", {}), 201)["invite_code"] for _ in range(4)]
        joiner = people.parent()
        answers = at_once(*[asks(joiner, "POST", "/families/join", {"invite_code": c}) for c in codes])
        assert statuses(answers) == [200] + [400] * 3

    @pytest.mark.parametrize("_", range(5))
    def test_parents_who_remove_each_other_leave_one(self, people, _):
        first, second = people.family(children=0, parents=2)
        answers = at_once(*[asks(a, "DELETE", f"/families/members/{b.id}", {"user_id": b.id})
                            for a, b in ((first, second), (second, first))])  # fmt: skip
        assert sum(a.status_code == 200 for a in answers) == 1
        assert people.sql("SELECT count(*) FROM users WHERE family_id = %s", first.family_id) == [(1,)]


class TestAccounts:
    def test_a_name_is_taken_once(self, people):
        parent = people.parent()
        name = people.name("racer")
        answers = at_once(*[asks(parent, "POST", "/users/", {"username": name, "password": "password1"}) for _ in range(4)])
        assert statuses(answers) == [201] + [400] * 3
        assert {a.text for a in answers if a.status_code == 400} == {'{"detail":"Username already taken"}'}

    def test_an_address_is_taken_once_in_any_case(self, people):
        parent = people.parent()
        names = [people.name("mail") for _ in range(4)]
        answers = at_once(*[
            asks(parent, "POST", "/users/", {"username": n, "password": "password1", "email": e})
            for n, e in zip(names, ["race@example.com", "RACE@example.com", "Race@Example.com", "race@EXAMPLE.com"])
        ])  # fmt: skip
        assert statuses(answers) == [201] + [400] * 3
