"""Stories of families, told through the API, with time moved by SQL."""

import pytest

from support.answers import assert_answer, assert_refused
from support.days import Days
from support.people import make_chore


def complete(child, chore):
    return child.post(f"/chores/{chore['id']}/complete")


def approve(parent, chore, **fields):
    return assert_answer(parent.post(f"/chores/{chore['id']}/approve", fields))


def reject(parent, chore, reason="Not clean"):
    return assert_answer(parent.post(f"/chores/{chore['id']}/reject", {"rejection_reason": reason}))


def balance(child):
    return assert_answer(child.get("/users/me/balance"))


def offered(child):
    """Ids of what the child could do now: its own and the pool's."""
    body = assert_answer(child.get("/chores/available"))
    return [e["chore"]["id"] for e in body["assigned"] + body["pool"]]


def waiting(parent):
    return [e["assignment_id"] for e in assert_answer(parent.get("/chores/pending-approval"))]


def feed(person):
    return [a["activity_type"] for a in assert_answer(person.get("/activities/recent?limit=100"))["activities"]]


class TestTwoParents:
    def test_both_run_the_same_household(self, people):
        """One assigns, the other approves; both see all of it, whoever did it."""
        mum, dad, kid = people.family(parents=2)
        dishes = make_chore(mum, kid, title="Dishes", reward=2.5)
        bins = make_chore(dad, kid, title="Bins", reward=1.25)
        assert offered(kid) == [dishes["id"], bins["id"]]
        for chore in (dishes, bins):
            assert complete(kid, chore).status_code == 200
        assert waiting(mum) == waiting(dad) == [dishes["assignments"][0]["id"], bins["assignments"][0]["id"]]
        approve(dad, dishes)
        reject(mum, bins)
        assert offered(kid) == [bins["id"]]
        assert complete(kid, bins).status_code == 200
        approve(mum, bins)
        assert waiting(mum) == waiting(dad) == []
        assert balance(kid) == {
            "balance": 3.75, "total_earned": 3.75, "adjustments": 0.0, "paid_out": 0.0, "pending_chores_value": 0.0}  # fmt: skip
        assert feed(mum) == feed(dad) == [
            "chore_approved", "chore_completed", "chore_rejected", "chore_approved", "chore_completed", "chore_completed",
            "chore_created", "chore_created"]  # fmt: skip
        assert feed(kid) == ["chore_completed"] * 3
        for parent in (mum, dad):
            (summary,) = assert_answer(parent.get("/users/allowance-summary"))
            assert (summary["completed_chores"], summary["total_earned"], summary["balance_due"]) == (2, 3.75, 3.75)

    def test_one_takes_over_what_the_other_left(self, people):
        mum, dad, kid = people.family(parents=2)
        chore = make_chore(mum, kid)
        assert_answer(dad.put(f"/chores/{chore['id']}", {"title": "Better dishes", "reward": 3}))
        assert_answer(dad.post(f"/chores/{chore['id']}/disable"))
        assert offered(kid) == []
        assert_refused(complete(kid, chore), 400, "Cannot complete a disabled chore")
        assert_answer(dad.post(f"/chores/{chore['id']}/enable"))
        assert complete(kid, chore).status_code == 200
        assert approve(dad, chore)["approval_reward"] == 3.0
        assert dad.delete(f"/chores/{chore['id']}").status_code == 204
        assert balance(kid)["balance"] == 3.0
        assert assert_answer(mum.get("/chores")) == []

    def test_through_the_api_from_the_first_login_on(self, people):
        """No rows made by the tests: register, found, invite, join, assign, pay."""
        names = [people.name(stem) for stem in ("mum", "dad", "kid")]

        def log_in(name):
            return people.server.client(assert_answer(people.log_in(name))["access_token"])

        for name in names[:2]:
            assert people.register(name).status_code == 201
        with log_in(names[0]) as mum, log_in(names[1]) as dad:
            code = assert_answer(mum.post_api("/families/create", {"name": "Home"}), 201)["invite_code"]
            child = assert_answer(mum.post_api("/users/", {"username": names[2], "password": "secret-password"}), 201)
            assert_answer(dad.post_api("/families/join", {"invite_code": code}))
            chore = {"title": "Dishes", "reward": 2, "assignee_ids": [child["id"]]}
            chore = assert_answer(dad.post_api("/chores", chore), 201)
            with log_in(names[2]) as kid:
                done = assert_answer(kid.post_api(f"/chores/{chore['id']}/complete"))
                assert_answer(mum.post_api(f"/assignments/{done['assignment']['id']}/approve"))
                assert assert_answer(kid.get_api("/users/me/balance"))["balance"] == 2.0
            members = assert_answer(dad.get_api("/families/members"))
            assert [len(members[k]) for k in ("parents", "children")] == [2, 1]


class TestWeeks:
    def test_a_weekly_chore_for_six_weeks(self, people):
        mum, kid = family = people.family()
        days = Days(people, family)
        chore = make_chore(mum, kid, reward=1.1, is_recurring=True, cooldown_days=7)
        for week in range(6):
            assert offered(kid) == [chore["id"]]
            assert complete(kid, chore).status_code == 200
            assert offered(kid) == []
            approve(mum, chore)
            assert balance(kid)["total_earned"] == pytest.approx(1.1 * (week + 1))
            assert_refused(complete(kid, chore), 400, "Chore is in cooldown period. Available again in 7 days")
            days.pass_by(days=6)
            assert_refused(complete(kid, chore), 400, "Chore is in cooldown period. Available again in 1 days")
            assert offered(kid) == []
            days.pass_by(days=1)
        assert balance(kid) == {
            "balance": 6.6, "total_earned": 6.6, "adjustments": 0.0, "paid_out": 0.0, "pending_chores_value": 0.0}  # fmt: skip
        history = assert_answer(mum.get(f"/reports/reward-history/{kid.id}"))
        assert [(e["type"], e["amount"]) for e in history] == [("chore_earning", 1.1)] * 6
        weeks = assert_answer(mum.get("/statistics/weekly-summary?weeks_back=8"))["weekly_data"]
        # in the week that is running nothing is due yet; six of the seven before have one each
        assert [w["total_earned"] for w in weeks] == [0.0] + [1.1] * 6 + [0.0]
        assert [w["completed_chores"] for w in weeks] == [0] + [1] * 6 + [0]
        assert len(mum.get("/chores").json()[0]["assignments"]) == 1

    def test_a_rejected_cycle_does_not_shift_the_next(self, people):
        mum, kid = family = people.family()
        days = Days(people, family)
        chore = make_chore(mum, kid, is_recurring=True, cooldown_days=2)
        complete(kid, chore)
        approve(mum, chore)
        days.pass_by(days=3)
        assert complete(kid, chore).status_code == 200
        days.pass_by(days=5)
        reject(mum, chore)
        assert offered(kid) == [chore["id"]]
        assert complete(kid, chore).status_code == 200
        approve(mum, chore)
        assert_refused(complete(kid, chore), 400, "Chore is in cooldown period. Available again in 2 days")
        assert balance(kid)["balance"] == 10.0

    def test_a_longer_cooldown_holds_from_the_last_approval_on(self, people):
        mum, kid = family = people.family()
        days = Days(people, family)
        chore = make_chore(mum, kid, is_recurring=True, cooldown_days=1)
        complete(kid, chore)
        approve(mum, chore)
        days.pass_by(days=2)
        assert offered(kid) == [chore["id"]]
        people.sql("UPDATE chores SET cooldown_days = 10 WHERE id = %s", chore["id"])
        assert offered(kid) == []
        assert_refused(complete(kid, chore), 400, "Chore is in cooldown period. Available again in 8 days")

    def test_what_recurs_without_a_cooldown_comes_back_at_once(self, people):
        mum, kid = people.family()
        chore = make_chore(mum, kid, reward=0.1, is_recurring=True)
        for _ in range(10):
            assert offered(kid) == [chore["id"]]
            assert complete(kid, chore).status_code == 200
            approve(mum, chore)
        assert balance(kid)["balance"] == 1.0


class TestPool:
    def test_first_come_first_served(self, people):
        mum, *kids = people.family(children=3)
        pool = make_chore(mum, reward=4)
        assert [offered(kid) for kid in kids] == [[pool["id"]]] * 3
        assert complete(kids[1], pool).status_code == 200
        assert [offered(kid) for kid in kids] == [[]] * 3
        assert_refused(complete(kids[0], pool), 400, "This chore is already completed and pending approval")
        approve(mum, pool)
        assert [offered(kid) for kid in kids] == [[]] * 3
        assert_refused(complete(kids[2], pool), 400, "This chore is already completed and approved")
        assert [balance(kid)["balance"] for kid in kids] == [0.0, 4.0, 0.0]

    def test_a_rejected_claim_opens_it_for_all(self, people):
        mum, first, second = people.family(children=2)
        pool = make_chore(mum, reward=4)
        complete(first, pool)
        reject(mum, pool)
        assert offered(first) == offered(second) == [pool["id"]]
        assert complete(second, pool).status_code == 200
        assert approve(mum, pool)["assignments"][1]["is_approved"] is True
        assert (balance(first)["balance"], balance(second)["balance"]) == (0.0, 4.0)

    def test_a_recurring_one_goes_round(self, people):
        mum, *kids = family = people.family(children=3)
        days = Days(people, family)
        pool = make_chore(mum, reward=1, is_recurring=True, cooldown_days=3)
        for kid in kids:  # each in turn, while the others still rest
            assert offered(kid) == [pool["id"]]
            assert complete(kid, pool).status_code == 200
            approve(mum, pool)
            days.pass_by(days=1)
        assert offered(kids[0]) == [pool["id"]]
        assert_refused(complete(kids[1], pool), 400, "You completed this chore recently. Available again in 1 days")
        assert_refused(complete(kids[2], pool), 400, "You completed this chore recently. Available again in 2 days")
        assert complete(kids[0], pool).status_code == 200
        approve(mum, pool)
        assert [balance(kid)["balance"] for kid in kids] == [2.0, 1.0, 1.0]
        assert len(assert_answer(mum.get(f"/chores/{pool['id']}"))["assignments"]) == 3

    def test_two_families_never_meet(self, people):
        mum, kid = people.family()
        eve, other = people.family()
        pool = make_chore(mum)
        assert offered(other) == []
        assert_refused(complete(other, pool), 403, "You are not assigned to this chore")
        assert complete(kid, pool).status_code == 200
        assert waiting(eve) == []
        assert_refused(
            eve.post(f"/chores/{pool['id']}/approve", {}), 403, "You can only approve assignments from your family")  # fmt: skip


class TestRedone:
    def test_until_it_is_good(self, people):
        mum, kid = people.family()
        chore = make_chore(mum, kid, reward=3)
        for turn in range(3):
            assert complete(kid, chore).status_code == 200
            assert balance(kid)["pending_chores_value"] == 3.0
            reject(mum, chore, f"Spots: {turn}")
            assert balance(kid)["pending_chores_value"] == 0.0
            (entry,) = assert_answer(kid.get("/chores/available"))["assigned"]
            assert entry["assignment"]["rejection_reason"] == f"Spots: {turn}"
            assert entry["chore"]["assignments"] == [entry["assignment"]]
        complete(kid, chore)
        (row,) = approve(mum, chore)["assignments"]
        assert (row["rejection_reason"], row["approval_reward"]) == (None, 3.0)
        assert balance(kid)["balance"] == 3.0
        assert feed(mum).count("chore_rejected") == 3
        assert_refused(complete(kid, chore), 400, "This chore is already completed and approved")

    def test_each_child_on_its_own(self, people):
        mum, first, second = people.family(children=2)
        chore = make_chore(mum, first, second, reward=2)
        rows = [assert_answer(complete(kid, chore))["assignment"]["id"] for kid in (first, second)]
        assert_answer(mum.post(f"/assignments/{rows[1]}/reject", {"rejection_reason": "no"}))
        assert_answer(mum.post(f"/assignments/{rows[0]}/approve"))
        assert (offered(first), offered(second)) == ([], [chore["id"]])
        assert (balance(first)["balance"], balance(second)["balance"]) == (2.0, 0.0)
        for kid, state in ((first, "completed"), (second, "active")):
            assert [c["id"] for c in assert_answer(kid.get(f"/chores?state={state}"))] == [chore["id"]]

    def test_new_assignees_start_afresh(self, people):
        mum, first, second = people.family(children=2)
        chore = make_chore(mum, first)
        complete(first, chore)
        reject(mum, chore)
        body = assert_answer(mum.put(f"/chores/{chore['id']}", {"assignee_ids": [second.id]}))
        assert [(a["assignee_id"], a["rejection_reason"]) for a in body["assignments"]] == [(second.id, None)]
        assert (offered(first), offered(second)) == ([], [chore["id"]])
        assert_refused(complete(first, chore), 403, "You are not assigned to this chore")
        complete(second, chore)
        approve(mum, chore)
        assert (balance(first)["balance"], balance(second)["balance"]) == (0.0, 5.0)


class TestRanges:
    def test_what_it_was_worth_is_the_parents_to_say(self, people):
        mum, kid = people.family()
        chore = make_chore(mum, kid, reward=9, is_range_reward=True, min_reward=1, max_reward=4, is_recurring=True)
        total = 0
        for value in (1, 2.25, 4):
            assert complete(kid, chore).status_code == 200
            assert balance(kid)["pending_chores_value"] == 0.0
            assert_refused(mum.post(f"/chores/{chore['id']}/approve", {"reward_value": 4.01}), 422,
                           "Reward value must be between 1.0 and 4.0")  # fmt: skip
            assert approve(mum, chore, reward_value=value)["reward"] == value
            total += value
            assert balance(kid)["balance"] == total
        assert assert_answer(mum.get(f"/chores/{chore['id']}"))["reward"] == 9.0

    def test_the_range_may_change_while_it_waits(self, people):
        mum, kid = people.family()
        chore = make_chore(mum, kid, is_range_reward=True, min_reward=1, max_reward=4)
        complete(kid, chore)
        assert_refused(mum.put(f"/chores/{chore['id']}", {"max_reward": 8}), 400,
                       "Cannot update chore with completed or approved assignments")  # fmt: skip
        reject(mum, chore)
        assert_answer(mum.put(f"/chores/{chore['id']}", {"max_reward": 8}))
        complete(kid, chore)
        assert approve(mum, chore, reward_value=8)["approval_reward"] == 8.0


class TestGone:
    def test_a_disabled_chore_is_still_reviewed(self, people):
        mum, kid = people.family()
        waits, open_ = make_chore(mum, kid), make_chore(mum, kid)
        complete(kid, waits)
        for chore in (waits, open_):
            assert_answer(mum.post(f"/chores/{chore['id']}/disable"))
        assert offered(kid) == []
        assert assert_answer(kid.get("/chores")) == assert_answer(mum.get("/chores")) == []
        assert len(assert_answer(mum.get(f"/chores/child/{kid.id}"))) == 2
        assert kid.get(f"/chores/{open_['id']}").status_code == 200
        assert waiting(mum) == [waits["assignments"][0]["id"]]
        approve(mum, waits)
        assert balance(kid)["balance"] == 5.0

    def test_a_deleted_chore_leaves_money_and_memories(self, people):
        mum, kid = people.family()
        paid, waits = make_chore(mum, kid), make_chore(mum, kid, title="Bins")
        for chore in (paid, waits):
            complete(kid, chore)
        approve(mum, paid)
        assert balance(kid)["pending_chores_value"] == 5.0
        for chore in (paid, waits):
            assert mum.delete(f"/chores/{chore['id']}").status_code == 204
            for answer in (mum.get(f"/chores/{chore['id']}"), complete(kid, chore), mum.post(f"/chores/{chore['id']}/approve", {})):
                assert_refused(answer, 404, "Chore not found")
        assert waiting(mum) == []
        assert balance(kid) == {
            "balance": 5.0, "total_earned": 5.0, "adjustments": 0.0, "paid_out": 0.0, "pending_chores_value": 0.0}  # fmt: skip
        (entry,) = assert_answer(mum.get(f"/reports/reward-history/{kid.id}"))
        assert (entry["type"], entry["amount"]) == ("chore_earning", 5.0)
        assert feed(mum) == ["chore_approved", "chore_completed", "chore_completed", "chore_created", "chore_created"]
        assert len(assert_answer(mum.get("/adjustments/"))) == 1

    def test_a_child_that_leaves_keeps_its_work(self, people):
        mum, dad, kid = people.family(parents=2)
        chore = make_chore(mum, kid)
        body = {"user_id": kid.id}
        assert_answer(mum.delete(f"/families/members/{kid.id}", json=body))
        assert complete(kid, chore).status_code == 200
        assert waiting(dad) == waiting(mum)
        approve(dad, chore)
        assert balance(kid)["balance"] == 5.0
        assert_refused(dad.get(f"/chores/child/{kid.id}"), 404, "Child not found or not your child")
        assert len(assert_answer(mum.get(f"/chores/child/{kid.id}"))) == 1

    def test_an_inactive_child_does_nothing_and_is_still_paid(self, people):
        mum, kid = people.family()
        chore = make_chore(mum, kid)
        complete(kid, chore)
        people.sql("UPDATE users SET is_active = false WHERE id = %s", kid.id)
        assert_refused(complete(kid, chore), 401, "Inactive user")
        approve(mum, chore)
        assert assert_answer(mum.get("/users/allowance-summary"))[0]["balance_due"] == 5.0


class TestMoney:
    def test_earned_spent_and_fined(self, people):
        mum, dad, kid = people.family(parents=2)
        chore = make_chore(mum, kid, reward=10)
        complete(kid, chore)
        approve(dad, chore)

        def adjust(parent, amount, status=201):
            body = {"child_id": kid.id, "amount": amount, "reason": "for a reason"}
            return assert_answer(parent.post("/adjustments/", body), status)

        adjust(mum, "2.50")
        adjust(dad, -5)
        assert balance(kid) == {
            "balance": 7.5, "total_earned": 10.0, "adjustments": -2.5, "paid_out": 0.0, "pending_chores_value": 0.0}  # fmt: skip
        assert adjust(mum, -7.51, 400)["detail"] == "Adjustment would result in negative balance. Current balance: $7.50"
        adjust(mum, -7.5)
        assert balance(kid)["balance"] == 0.0
        assert mum.get(f"/adjustments/total/{kid.id}").json()["total_adjustments"] == "0.00"
