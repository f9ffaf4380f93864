"""Two at once: exactly one wins, and is paid, counted and noted once."""

import pytest

from support.answers import assert_answer
from support.people import make_chore
from support.races import asks, at_once, ledger, statuses


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


    def test_a_round_of_removals_leaves_one(self, people):
        ring = people.family(children=0, parents=4)
        answers = at_once(*[asks(a, "DELETE", f"/families/members/{b.id}", {"user_id": b.id})
                            for a, b in zip(ring, ring[1:] + ring[:1])])  # fmt: skip
        assert {a.status_code for a in answers} <= {200, 403}
        ((left,),) = people.sql("SELECT count(*) FROM users WHERE family_id = %s", ring[0].family_id)
        assert left == 4 - sum(a.status_code == 200 for a in answers) >= 1

    @pytest.mark.parametrize("_", range(3))
    def test_not_all_parents_leave(self, people, _):
        parents = people.family(children=0, parents=3)
        answers = at_once(*[asks(p, "DELETE", "/families/leave") for p in parents])
        assert statuses(answers) == [200, 200, 400]
        assert people.sql("SELECT count(*) FROM users WHERE family_id = %s", parents[0].family_id) == [(1,)]

    def test_a_code_lets_many_in_at_once(self, people):
        family = assert_answer(people.parent().post("/families/create", {}), 201)
        joiners = [people.parent() for _ in range(6)]
        answers = at_once(*[asks(j, "POST", "/families/join", {"invite_code": family["invite_code"]}) for j in joiners])
        assert statuses(answers) == [200] * 6
        assert people.sql("SELECT count(*) FROM users WHERE family_id = %s", family["id"]) == [(7,)]

    @pytest.mark.parametrize("_", range(5))
    def test_a_new_code_or_a_new_member(self, people, _):
        """Whoever comes with the old code is in, or it was the old one already."""
        founder, joiner = people.parent(), people.parent()
        family = assert_answer(founder.post("/families/create", {}), 201)
        renewed, joined = at_once(
            asks(founder, "POST", "/families/invite-code/generate", {}),
            asks(joiner, "POST", "/families/join", {"invite_code": family["invite_code"]}))  # fmt: skip
        assert renewed.status_code == 200
        assert joined.status_code in (200, 404)
        assert people.sql("SELECT family_id FROM users WHERE id = %s", joiner.id) == [
            (family["id"] if joined.status_code == 200 else None,)]  # fmt: skip

    def test_one_new_code_is_the_last(self, people):
        parent, co_parent = people.family(children=0, parents=2)
        answers = at_once(*[asks(p, "POST", "/families/invite-code/generate", {}) for p in (parent, co_parent) * 3])
        assert statuses(answers) == [200] * 6
        ((code,),) = people.sql("SELECT invite_code FROM families WHERE id = %s", parent.family_id)
        assert code in {a.json()["invite_code"] for a in answers}

    @pytest.mark.parametrize("_", range(5))
    def test_a_child_is_removed_or_comes_along_but_not_both(self, people, _):
        """Its parent founds a family while it is taken out of another."""
        head, child = people.family()
        parent = people.parent()
        people.sql("UPDATE users SET parent_id = %s WHERE id = %s", parent.id, child.id)
        removed, founded = at_once(
            asks(head, "DELETE", f"/families/members/{child.id}", {"user_id": child.id}),
            asks(parent, "POST", "/families/create", {}))  # fmt: skip
        assert (removed.status_code, founded.status_code) == (200, 201)
        assert people.sql("SELECT family_id FROM users WHERE id = %s", child.id)[0][0] in (None, founded.json()["id"])


class TestAccounts:
    def test_an_account_is_registered_once(self, people):
        name = people.name("twin")
        before = people.server.metrics()
        answers = at_once(*[lambda: people.register(name) for _ in range(4)])
        assert statuses(answers) == [201] + [400] * 3
        assert {a.text for a in answers if a.status_code == 400} <= {
            '{"detail":"Username already taken"}', '{"detail":"Email already registered"}'}  # fmt: skip
        after = people.server.metrics()
        assert after("user_registrations_total", role="parent") - before("user_registrations_total", role="parent") == 1

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
