"""Chores, assignments and money, changed by several at once.

Each asks over a connection of its own, and the two workers share them. What
must hold whoever wins: no answer is a 500, the winners are as many as there
may be, and what was answered 200 is in the database, once.
"""

import pytest

from support.answers import assert_answer
from support.people import make_chore
from support.races import asks, at_once, behind, ledger, statuses

TURNS = range(4)


def done(parent, child, **fields):
    """A chore that waits for approval, and its assignment's id."""
    chore = make_chore(parent, child, **fields)
    return chore, assert_answer(child.post(f"/chores/{chore['id']}/complete"))["assignment"]["id"]


def activities(people, chore, kind):
    ((count,),) = people.sql(
        "SELECT count(*) FROM activities WHERE activity_type = %s"
        " AND activity_data @> jsonb_build_object('chore_id', %s::int)", kind, chore["id"])  # fmt: skip
    return count


def row(people, assignment):
    """(is_completed, is_approved) or None."""
    found = people.sql("SELECT is_completed, is_approved FROM chore_assignments WHERE id = %s", assignment)
    return found[0] if found else None


class TestReviews:
    @pytest.mark.parametrize("_", TURNS)
    def test_by_either_id_it_is_one_approval(self, people, _):
        parent, co_parent, child = people.family(parents=2)
        chore, assignment = done(parent, child)
        answers = at_once(*[asks(p, "POST", path, {}) for p in (parent, co_parent) for path in
                            [f"/assignments/{assignment}/approve", f"/chores/{chore['id']}/approve"] * 3])  # fmt: skip
        assert statuses(answers) == [200] + [400] * 11
        assert {a.text for a in answers if a.status_code == 400} <= {
            '{"detail":"Assignment is already approved"}', '{"detail":"No completed assignment found for this chore"}'}  # fmt: skip
        assert ledger(people, child) == [(5.0,)]
        assert activities(people, chore, "chore_approved") == 1

    @pytest.mark.parametrize("_", TURNS)
    def test_by_chore_each_takes_another_assignment(self, people, _):
        """As many as wait are approved, none twice."""
        parent, *children = people.family(children=4)
        chore = make_chore(parent, *children)
        for child in children:
            child.post(f"/chores/{chore['id']}/complete")
        answers = at_once(*[asks(parent, "POST", f"/chores/{chore['id']}/approve", {}) for _ in range(8)])
        assert statuses(answers) == [200] * 4 + [400] * 4
        assert [ledger(people, child) for child in children] == [[(5.0,)]] * 4

    @pytest.mark.parametrize("_", TURNS)
    def test_many_reviews_of_both_kinds(self, people, _):
        """Rejected or paid, but one of the two, once."""
        parent, co_parent, child = people.family(parents=2)
        chore, assignment = done(parent, child)
        reject = {"rejection_reason": "no"}
        answers = at_once(*[asks(p, "POST", f"/assignments/{assignment}/{action}", body) for p in (parent, co_parent)
                            for action, body in (("approve", {}), ("reject", reject)) for _ in range(3)])  # fmt: skip
        assert statuses(answers) == [200] + [400] * 11
        paid = len(ledger(people, child))
        assert row(people, assignment) == ((True, True) if paid else (False, False))
        assert (activities(people, chore, "chore_approved"), activities(people, chore, "chore_rejected")) == (paid, 1 - paid)

    @pytest.mark.parametrize("_", TURNS)
    def test_approved_or_deleted_first(self, people, _):
        parent, co_parent, child = people.family(parents=2)
        chore, assignment = done(parent, child)
        approved, deleted = at_once(
            asks(parent, "POST", f"/assignments/{assignment}/approve", {}), asks(co_parent, "DELETE", f"/chores/{chore['id']}"))  # fmt: skip
        assert deleted.status_code == 204
        assert approved.status_code in (200, 404)
        assert len(ledger(people, child)) == (approved.status_code == 200)
        assert row(people, assignment) is None

    @pytest.mark.parametrize("_", TURNS)
    def test_rejected_and_done_again(self, people, _):
        """The child's next try meets the row before or after the rejection."""
        parent, child = people.family()
        chore, assignment = done(parent, child)
        rejected, again = at_once(
            asks(parent, "POST", f"/assignments/{assignment}/reject", {"rejection_reason": "no"}),
            asks(child, "POST", f"/chores/{chore['id']}/complete"))  # fmt: skip
        assert rejected.status_code == 200
        assert row(people, assignment) == (again.status_code == 200, False)
        assert activities(people, chore, "chore_completed") == 1 + (again.status_code == 200)

    @pytest.mark.parametrize("_", TURNS)
    def test_a_recurring_cycle_is_paid_once(self, people, _):
        parent, child = people.family()
        chore, assignment = done(parent, child, is_recurring=True, cooldown_days=1)
        answers = at_once(*[asks(parent, "POST", f"/assignments/{assignment}/approve", {}) for _ in range(4)],
                          *[asks(child, "POST", f"/chores/{chore['id']}/complete") for _ in range(4)])  # fmt: skip
        assert statuses(answers) == [200] + [400] * 7
        assert ledger(people, child) == [(5.0,)]


class TestClaims:
    @pytest.mark.parametrize("_", TURNS)
    def test_of_one_child(self, people, _):
        parent, child = people.family()
        pool = make_chore(parent)
        before = people.server.metrics()
        answers = at_once(*[asks(child, "POST", f"/chores/{pool['id']}/complete") for _ in range(6)])
        assert statuses(answers) == [200] + [400] * 5
        assert {a.text for a in answers if a.status_code == 400} == {
            '{"detail":"You have already completed this chore and it\'s pending approval"}'}  # fmt: skip
        after = people.server.metrics()
        assert after("assignments_claimed_total") - before("assignments_claimed_total") == 1
        assert activities(people, pool, "chore_completed") == 1

    @pytest.mark.parametrize("_", TURNS)
    def test_while_the_pool_closes(self, people, _):
        """A claim that was answered well is there, and a disabled chore stays so."""
        parent, *children = people.family(children=3)
        pool = make_chore(parent)
        disabled, *claims = at_once(
            asks(parent, "POST", f"/chores/{pool['id']}/disable"),
            *[asks(c, "POST", f"/chores/{pool['id']}/complete") for c in children])  # fmt: skip
        assert disabled.status_code == 200
        won = [a.status_code for a in claims].count(200)
        assert won <= 1
        assert people.sql("SELECT count(*) FROM chore_assignments WHERE chore_id = %s", pool["id"]) == [(won,)]
        assert assert_answer(parent.get(f"/chores/{pool['id']}"))["is_disabled"] is True

    @pytest.mark.parametrize("_", TURNS)
    def test_while_the_child_leaves_the_family(self, people, _):
        parent, child = people.family()
        pool = make_chore(parent)
        left, claimed = at_once(
            asks(parent, "DELETE", f"/families/members/{child.id}", {"user_id": child.id}),
            asks(child, "POST", f"/chores/{pool['id']}/complete"))  # fmt: skip
        assert left.status_code == 200
        # linked to the parent it may claim before and after
        assert claimed.status_code == 200
        assert activities(people, pool, "chore_completed") == 1


class TestChanges:
    @pytest.mark.parametrize("_", TURNS)
    def test_assignees_are_replaced_one_after_the_other(self, people, _):
        parent, co_parent, *children = people.family(children=3, parents=2)
        chore = make_chore(parent, *children)
        answers = at_once(*[asks(p, "PUT", f"/chores/{chore['id']}", {"assignee_ids": [c.id for c in children]})
                            for p in (parent, co_parent) * 3])  # fmt: skip
        assert statuses(answers) == [200] * 6
        rows = people.sql("SELECT assignee_id FROM chore_assignments WHERE chore_id = %s ORDER BY id", chore["id"])
        assert rows == [(c.id,) for c in children]
        assert len({a.json()["assignments"][0]["id"] for a in answers}) == 6

    @pytest.mark.parametrize("_", TURNS)
    def test_what_is_approved_is_not_changed(self, people, _):
        parent, child, sibling = people.family(children=2)
        chore, assignment = done(parent, child)
        changed, approved = at_once(
            asks(parent, "PUT", f"/chores/{chore['id']}", {"assignee_ids": [sibling.id], "reward": 9}),
            asks(parent, "POST", f"/assignments/{assignment}/approve", {}))  # fmt: skip
        assert (changed.status_code, approved.status_code) == (400, 200)
        assert ledger(people, child) == [(5.0,)]

    @pytest.mark.parametrize("_", TURNS)
    def test_it_is_enabled_once(self, people, _):
        parent, co_parent, child = people.family(parents=2)
        chore = make_chore(parent, child, is_disabled=True)
        answers = at_once(*[asks(p, "POST", f"/chores/{chore['id']}/enable") for p in (parent, co_parent) * 3])
        assert statuses(answers) == [200] + [400] * 5

    @pytest.mark.parametrize("_", TURNS)
    def test_it_is_deleted_once(self, people, _):
        parent, co_parent, child = people.family(parents=2)
        chore = make_chore(parent, child)
        answers = at_once(*[asks(p, "DELETE", f"/chores/{chore['id']}") for p in (parent, co_parent) * 3])
        assert statuses(answers) == [204] + [404] * 5

    @pytest.mark.parametrize("_", TURNS)
    def test_everything_at_once(self, people, _):
        """Whatever comes first: no 500, no deadlock, and no money from nowhere."""
        parent, co_parent, child, sibling = people.family(children=2, parents=2)
        chore, assignment = done(parent, child, is_recurring=True)
        path = f"/chores/{chore['id']}"
        answers = at_once(
            *[asks(p, "POST", f"/assignments/{assignment}/approve", {}) for p in (parent, co_parent)],
            *[asks(p, "POST", f"{path}/reject", {"rejection_reason": "no"}) for p in (parent, co_parent)],
            *[asks(child, "POST", f"{path}/complete") for _ in range(3)],
            asks(co_parent, "PUT", path, {"assignee_ids": [sibling.id]}), asks(sibling, "POST", f"{path}/complete"),
            asks(parent, "POST", f"{path}/disable"), asks(parent, "DELETE", path),
            asks(parent, "POST", "/adjustments/", {"child_id": child.id, "amount": -3, "reason": "abc"}))  # fmt: skip
        assert {a.status_code for a in answers} <= {200, 201, 204, 400, 403, 404}
        approvals = sum(a.status_code == 200 for a in answers[:2])
        fines = sum(a.status_code == 201 for a in answers)
        assert sum(amount for (amount,) in ledger(people, child)) == 5 * approvals - 3 * fines >= 0
        assert activities(people, chore, "chore_approved") == approvals
        assert row(people, assignment) is None


CHORE = "SELECT FROM chores WHERE id = %s FOR UPDATE"
ASSIGNMENT = "SELECT FROM chore_assignments WHERE id = %s FOR UPDATE"
USER = "SELECT FROM users WHERE id = %s FOR UPDATE"


class TestForSure:
    """All of them stand before a row that the test holds, then go on together."""

    @pytest.mark.parametrize("lock", [CHORE, ASSIGNMENT])
    def test_one_approval(self, people, lock):
        parent, co_parent, child = people.family(parents=2)
        chore, assignment = done(parent, child)
        answers = behind(
            people.server, lock, [chore["id"] if lock == CHORE else assignment],
            *[asks(p, "POST", f"/assignments/{assignment}/approve", {}) for p in (parent, co_parent) * 4])  # fmt: skip
        assert statuses(answers) == [200] + [400] * 7
        assert ledger(people, child) == [(5.0,)]
        assert activities(people, chore, "chore_approved") == 1

    @pytest.mark.parametrize("lock", [CHORE, ASSIGNMENT])
    def test_approval_or_rejection(self, people, lock):
        parent, child = people.family()
        chore, assignment = done(parent, child)
        answers = behind(
            people.server, lock, [chore["id"] if lock == CHORE else assignment],
            *[asks(parent, "POST", f"/assignments/{assignment}/approve", {}) for _ in range(3)],
            *[asks(parent, "POST", f"/chores/{chore['id']}/reject", {"rejection_reason": "no"}) for _ in range(3)])  # fmt: skip
        assert statuses(answers) == [200] + [400] * 5
        assert len(ledger(people, child)) == row(people, assignment)[1]

    @pytest.mark.parametrize("lock", [CHORE, ASSIGNMENT])
    def test_one_completion(self, people, lock):
        parent, child = people.family()
        chore = make_chore(parent, child)
        answers = behind(
            people.server, lock, [chore["id"] if lock == CHORE else chore["assignments"][0]["id"]],
            *[asks(child, "POST", f"/chores/{chore['id']}/complete") for _ in range(6)])  # fmt: skip
        assert statuses(answers) == [200] + [400] * 5
        assert activities(people, chore, "chore_completed") == 1

    @pytest.mark.parametrize("lock", [CHORE, USER])
    def test_one_claim(self, people, lock):
        """Behind the chore, or behind the foreign key of the claim: that of one child, who asks alone."""
        parent, *children = people.family(children=3)
        pool = make_chore(parent)
        claimants = children * 2 if lock == CHORE else children[:1] * 6
        answers = behind(
            people.server, lock, [pool["id"] if lock == CHORE else children[0].id],
            *[asks(c, "POST", f"/chores/{pool['id']}/complete") for c in claimants])  # fmt: skip
        assert statuses(answers) == [200] + [400] * 5
        assert people.sql("SELECT count(*) FROM chore_assignments WHERE chore_id = %s", pool["id"]) == [(1,)]

    def test_delete_and_complete(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child)
        deleted, *completed = behind(
            people.server, CHORE, [chore["id"]], asks(parent, "DELETE", f"/chores/{chore['id']}"),
            *[asks(child, "POST", f"/chores/{chore['id']}/complete") for _ in range(4)])  # fmt: skip
        assert deleted.status_code == 204
        assert {a.status_code for a in completed} <= {200, 400, 404}
        won = [a.status_code for a in completed].count(200)
        assert won <= 1
        assert activities(people, chore, "chore_completed") == won

    def test_penalties_share_one_balance(self, people):
        parent, co_parent, child = people.family(parents=2)
        assert parent.post("/adjustments/", {"child_id": child.id, "amount": 10, "reason": "abc"}).status_code == 201
        fine = {"child_id": child.id, "amount": -4, "reason": "abc"}
        answers = behind(
            people.server, USER, [child.id], *[asks(p, "POST", "/adjustments/", fine) for p in (parent, co_parent) * 4])  # fmt: skip
        assert statuses(answers) == [201] * 2 + [400] * 6
        assert sum(amount for (amount,) in ledger(people, child)) == 2


class TestPenalties:
    @pytest.mark.parametrize("_", TURNS)
    def test_against_a_balance_that_grows(self, people, _):
        """Never below zero, whether the approval came before or after."""
        parent, co_parent, child = people.family(parents=2)
        _, assignment = done(parent, child)
        fine = {"child_id": child.id, "amount": -2, "reason": "abc"}
        approved, *fines = at_once(
            asks(parent, "POST", f"/assignments/{assignment}/approve", {}),
            *[asks(p, "POST", "/adjustments/", fine) for p in (parent, co_parent) for _ in range(4)])  # fmt: skip
        assert approved.status_code == 200
        paid = [a.status_code for a in fines].count(201)
        assert paid <= 2
        assert sum(amount for (amount,) in ledger(people, child)) == 5 - 2 * paid
        assert assert_answer(child.get("/users/me/balance"))["balance"] == 5.0 - 2 * paid

    def test_different_children_do_not_wait_for_each_other_in_vain(self, people):
        parent, *children = people.family(children=4)
        bonus = [asks(parent, "POST", "/adjustments/", {"child_id": c.id, "amount": 1, "reason": "abc"}) for c in children * 3]
        assert statuses(at_once(*bonus)) == [201] * 12
        assert [sum(a for (a,) in ledger(people, c)) for c in children] == [3.0] * 4
