"""Children do chores, and take them out of the pool."""

import json

import pytest

from support.answers import ASSIGNMENT_KEYS, MOMENT, assert_answer, assert_chore, assert_refused
from support.people import make_chore


def complete(child, chore):
    return child.post(f"/chores/{chore['id']}/complete")


def approve(parent, chore, **fields):
    return parent.post(f"/chores/{chore['id']}/approve", fields)


def reject(parent, chore):
    return parent.post(f"/chores/{chore['id']}/reject", {"rejection_reason": "no"})


def age(people, chore, column, interval):
    people.sql(
        f"UPDATE chore_assignments SET {column} = {column} - %s::interval WHERE chore_id = %s", interval, chore["id"]
    )


def offered(child):
    """Ids of what the child could do now: its own, the pool's."""
    body = assert_answer(child.get("/chores/available"))
    return [[e["chore"]["id"] for e in body[key]] for key in ("assigned", "pool")]


class TestComplete:
    def test_the_answer_and_what_is_written(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child)
        body = assert_answer(complete(child, chore))
        assert list(body) == ["chore", "assignment", "message"]
        assert body["message"] == "Chore completed successfully"
        assert_chore(body["chore"])
        assert list(body["assignment"]) == ASSIGNMENT_KEYS
        assert body["chore"]["assignments"] == [body["assignment"]]
        assert (body["assignment"]["is_completed"], body["assignment"]["is_approved"]) == (True, False)
        assert MOMENT.match(body["assignment"]["completion_date"])
        rows = people.sql(
            "SELECT activity_type, target_user_id, description, activity_data::text FROM activities WHERE user_id = %s",
            child.id,
        )
        assert rows == [("chore_completed", None, "Completed chore: Dishes",
                         f'{{"chore_id": {chore["id"]}, "chore_title": "Dishes"}}')]  # fmt: skip

    def test_a_claim_shows_the_new_assignment(self, people):
        parent, child = people.family()
        body = assert_answer(complete(child, make_chore(parent)))
        assert body["chore"]["assignments"] == [body["assignment"]]
        assert body["assignment"]["assignee_id"] == child.id

    def test_checks_in_their_order(self, people):
        parent, child, sibling = people.family(children=2)
        _, foreign = people.family()
        off = make_chore(parent, child, is_disabled=True)
        own = make_chore(parent, child)
        pool = make_chore(parent)
        assert_refused(complete(parent, own), 403, "Parents cannot complete chores")
        assert_refused(child.post("/chores/2147483648/complete"), 404, "Chore not found")
        assert_refused(complete(foreign, off), 400, "Cannot complete a disabled chore")
        assert_refused(complete(sibling, own), 403, "You are not assigned to this chore")
        assert_refused(complete(foreign, pool), 403, "You are not assigned to this chore")
        assert complete(child, own).status_code == 200
        assert_refused(complete(child, own), 400, "This chore is already completed and pending approval")
        assert complete(child, pool).status_code == 200
        assert_refused(complete(child, pool), 400, "You have already completed this chore and it's pending approval")
        assert_refused(complete(sibling, pool), 400, "This chore is already completed and pending approval")
        for chore in (own, pool):
            assert approve(parent, chore).status_code == 200
        text = "This chore is already completed and approved"
        for person, chore in ((child, own), (child, pool), (sibling, pool)):
            assert_refused(complete(person, chore), 400, text)
        people.sql("UPDATE chores SET assignment_mode = 'bogus' WHERE id = %s", own["id"])
        assert_refused(complete(child, own), 400, "Unknown assignment mode: bogus")

    @pytest.mark.parametrize(
        ("hours", "days"),
        [(0, 7), (1, 7), (23.9, 7), (24.1, 6), (47.9, 6), (48.1, 5), (165.6, 1), (168.24, 0)],
    )
    def test_cooldowns(self, people, hours, days):
        parent, child = people.family()
        own = make_chore(parent, child, is_recurring=True, cooldown_days=7)
        pool = make_chore(parent, is_recurring=True, cooldown_days=7)
        for chore in (own, pool):
            assert complete(child, chore).status_code == 200
            assert approve(parent, chore).status_code == 200
            age(people, chore, "approval_date", f"{hours} hours")
        shown = [e["chore"]["id"] for e in assert_answer(child.get("/chores/available"))["assigned"]]
        if days == 0:
            assert shown == [own["id"], pool["id"]]
            for chore in (own, pool):
                assert complete(child, chore).status_code == 200
            return
        assert shown == []
        assert_refused(complete(child, own), 400, f"Chore is in cooldown period. Available again in {days} days")
        assert_refused(
            complete(child, pool), 400, f"You completed this chore recently. Available again in {days} days"
        )

    @pytest.mark.parametrize(("days", "left"), [(2147483647, 1000000), (-2147483648, 0), (-1, 0)])
    def test_a_stored_cooldown_outside_all_limits_stops_nothing_else(self, people, days, left):
        """The replaced service took any number; dates have an end."""
        parent, child = people.family()
        wild, tame = (make_chore(parent, child, is_recurring=True) for _ in range(2))
        complete(child, wild)
        approve(parent, wild)
        people.sql("UPDATE chores SET cooldown_days = %s WHERE id = %s", days, wild["id"])
        assert offered(child) == [[wild["id"], tame["id"]] if left == 0 else [tame["id"]], []]
        answer = complete(child, wild)
        if left == 0:
            assert answer.status_code == 200
        else:
            assert_refused(answer, 400, f"Chore is in cooldown period. Available again in {left} days")

    def test_a_cooldown_of_the_pool_is_each_childs_own(self, people):
        parent, first, second = people.family(children=2)
        pool = make_chore(parent, is_recurring=True, cooldown_days=7)
        complete(first, pool)
        approve(parent, pool)
        assert complete(second, pool).status_code == 200

    def test_a_rejected_redo_waits_for_its_cooldown_too(self, people):
        parent, child = people.family()
        own = make_chore(parent, child, is_recurring=True, cooldown_days=1)
        complete(child, own)
        approve(parent, own)
        age(people, own, "approval_date", "25 hours")
        complete(child, own)
        parent.post(f"/chores/{own['id']}/reject", {"rejection_reason": "no"})
        assert complete(child, own).status_code == 200
        parent.post(f"/chores/{own['id']}/reject", {"rejection_reason": "no"})
        people.sql("UPDATE chores SET cooldown_days = 30 WHERE id = %s", own["id"])
        assert complete(child, own).status_code == 400
        assert own["id"] not in [e["chore"]["id"] for e in assert_answer(child.get("/chores/available"))["assigned"]]

    def test_paid_again_and_again_but_once_each(self, people):
        parent, child = people.family()
        own = make_chore(parent, child, reward=2.5, is_recurring=True)
        for _ in range(3):
            assert complete(child, own).status_code == 200
            assert approve(parent, own).status_code == 200
        body = assert_answer(child.get("/users/me/balance"))
        assert (body["balance"], body["total_earned"]) == (7.5, 7.5)


class TestToTheByte:
    @pytest.mark.parametrize("claimed", [False, True])
    def test_the_answer(self, people, claimed):
        """With Z on every moment, and a claim's own row."""
        parent, child = people.family()
        chore = make_chore(parent, *[child] * (not claimed), title='"ü"', reward=1e-6)
        answer = complete(child, chore)
        shown = answer.json()["assignment"]
        assert all(MOMENT.match(shown[key]) for key in ("completion_date", "created_at", "updated_at"))
        ((number,),) = people.sql("SELECT id FROM chore_assignments WHERE chore_id = %s", chore["id"])
        assignment = (
            f'{{"id":{number},"chore_id":{chore["id"]},"assignee_id":{child.id},"is_completed":true,'
            f'"is_approved":false,"completion_date":"{shown["completion_date"]}","approval_date":null,'
            f'"approval_reward":null,"rejection_reason":null,"created_at":"{shown["created_at"]}",'
            f'"updated_at":"{shown["updated_at"]}"}}'
        )
        mode = "unassigned" if claimed else "single"
        assert answer.text == (
            '{"chore":{"title":"\\"ü\\"","description":"All of them","reward":1e-6,"min_reward":null,'
            '"max_reward":null,"approval_reward":null,"rejection_reason":null,"is_range_reward":false,'
            '"cooldown_days":0,"is_recurring":false,"frequency":null,"is_disabled":false,'
            f'"id":{chore["id"]},"assignment_mode":"{mode}","creator_id":{parent.id},'
            f'"created_at":"{chore["created_at"]}","updated_at":"{chore["updated_at"]}","is_completed":null,'
            f'"is_approved":null,"completed_at":null,"approved_at":null,"assignments":[{assignment}]}},'
            f'"assignment":{assignment},"message":"Chore completed successfully"}}'
        )


class TestOrder:
    """Each check wins over all that come later."""

    def test_a_parent_is_told_so_whatever_it_names(self, people):
        parent, child = people.family()
        off = make_chore(parent, child, is_disabled=True)
        stranger = people.parent()
        for person, path in ((parent, "999999"), (parent, off["id"]), (stranger, off["id"])):
            assert_refused(person.post(f"/chores/{path}/complete"), 403, "Parents cannot complete chores")

    def test_disabled_comes_before_what_has_been_done(self, people):
        parent, child, sibling = people.family(children=2)
        chores = [make_chore(parent, child), make_chore(parent, child), make_chore(parent)]
        for chore in chores:
            assert complete(child, chore).status_code == 200
        assert approve(parent, chores[1]).status_code == 200
        people.sql("UPDATE chores SET is_disabled = true, is_recurring = true, cooldown_days = 9"
                   " WHERE id = ANY(%s)", [c["id"] for c in chores])  # fmt: skip
        for chore in chores:
            for person in (child, sibling):
                assert_refused(complete(person, chore), 400, "Cannot complete a disabled chore")

    def test_membership_comes_before_what_others_have_done(self, people):
        parent, child, sibling = people.family(children=2)
        _, foreign = people.family()
        own, pool = make_chore(parent, child), make_chore(parent)
        for chore in (own, pool):
            assert complete(child, chore).status_code == 200
        for person, chore in ((sibling, own), (foreign, own), (foreign, pool)):
            assert_refused(complete(person, chore), 403, "You are not assigned to this chore")

    def test_pending_comes_before_the_cooldown(self, people):
        parent, child = people.family()
        own = make_chore(parent, child, is_recurring=True)
        pool = make_chore(parent, is_recurring=True)
        for chore in (own, pool):
            assert complete(child, chore).status_code == 200
            assert approve(parent, chore).status_code == 200
            assert complete(child, chore).status_code == 200
            people.sql("UPDATE chores SET cooldown_days = 9 WHERE id = %s", chore["id"])
        assert_refused(complete(child, own), 400, "This chore is already completed and pending approval")
        assert_refused(
            complete(child, pool), 400, "You have already completed this chore and it's pending approval"
        )

    def test_anothers_claim_comes_before_ones_own_cooldown(self, people):
        parent, first, second = people.family(children=2)
        pool = make_chore(parent, is_recurring=True, cooldown_days=9)
        assert complete(first, pool).status_code == 200
        assert approve(parent, pool).status_code == 200
        assert complete(second, pool).status_code == 200
        assert_refused(complete(first, pool), 400, "This chore is already completed and pending approval")
        assert approve(parent, pool).status_code == 200
        assert_refused(complete(first, pool), 400, "You completed this chore recently. Available again in 9 days")


class TestWhatIsWritten:
    COLUMNS = "is_completed, is_approved, completion_date IS NOT NULL, approval_date IS NOT NULL, approval_reward, rejection_reason"

    def columns(self, people, chore):
        return people.sql(f"SELECT {self.COLUMNS} FROM chore_assignments WHERE chore_id = %s", chore["id"])

    def test_the_last_cycles_review_stays_until_the_next(self, people):
        parent, child = people.family()
        for chore in (make_chore(parent, child, is_recurring=True), make_chore(parent, is_recurring=True)):
            complete(child, chore)
            approve(parent, chore)
            first = people.sql("SELECT id, approval_date FROM chore_assignments WHERE chore_id = %s", chore["id"])
            complete(child, chore)
            assert self.columns(people, chore) == [(True, False, True, True, 5.0, None)]
            reject(parent, chore)
            assert self.columns(people, chore) == [(False, False, False, True, 5.0, "no")]
            complete(child, chore)
            assert self.columns(people, chore) == [(True, False, True, True, 5.0, None)]
            assert people.sql("SELECT id, approval_date FROM chore_assignments WHERE chore_id = %s", chore["id"]) == first

    def test_nothing_if_it_is_refused(self, people):
        parent, child, sibling = people.family(children=2)
        chore = make_chore(parent, child)
        complete(child, chore)
        before = self.columns(people, chore), people.sql("SELECT max(id) FROM activities")
        for person in (child, sibling, parent):
            assert complete(person, chore).status_code in (400, 403)
        assert (self.columns(people, chore), people.sql("SELECT max(id) FROM activities")) == before


class TestPool:
    def test_it_is_the_creators_family_that_may_claim(self, people):
        """By the family where both have one, else by the link to the parent."""
        parent, child = people.family()
        _, foreign = people.family()
        single = people.parent()
        own, brother = people.child(single), people.child(single)
        adopted = people.child(single, family_id=parent.family_id)
        orphan = people._insert(people.name("orphan"), is_parent=False)
        of_family, of_single = make_chore(parent), make_chore(single)
        for person, chore, may in (
            (foreign, of_family, False), (own, of_family, False), (orphan, of_family, False),
            (child, of_single, False), (orphan, of_single, False), (foreign, of_single, False),
            (adopted, of_family, True), (own, of_single, True),
        ):  # fmt: skip
            assert (chore["id"] in offered(person)[1]) == may
            assert complete(person, chore).status_code == (200 if may else 403)
            if may:
                reject(parent if chore is of_family else single, chore)
        assert offered(brother) == [[], [of_single["id"]]]

    def test_a_rejected_claim_stays_with_its_child_and_others_may_claim_too(self, people):
        parent, first, second = people.family(children=2)
        pool = make_chore(parent)
        complete(first, pool)
        reject(parent, pool)
        assert offered(first) == [[pool["id"]], []]
        assert offered(second) == [[], [pool["id"]]]
        assert complete(second, pool).status_code == 200
        assert offered(first) == [[], []]
        assert_refused(complete(first, pool), 400, "This chore is already completed and pending approval")
        assert approve(parent, pool).status_code == 200
        assert_refused(complete(first, pool), 400, "This chore is already completed and approved")
        assert offered(first) == offered(second) == [[], []]

    def test_a_claimed_chore_is_listed_with_ones_own(self, people):
        parent, first, second = people.family(children=2)
        pool = make_chore(parent)
        assert assert_answer(first.get("/chores")) == []
        complete(first, pool)
        assert [c["id"] for c in assert_answer(first.get("/chores"))] == [pool["id"]]
        assert assert_answer(second.get("/chores")) == []
        assert first.get(f"/chores/{pool['id']}").status_code == 200
        assert second.get(f"/chores/{pool['id']}").status_code == 403

    def test_a_rejected_redo_of_the_pool_does_not_wait(self, people):
        """Unlike one that was assigned: the contract's section 7."""
        parent, child = people.family()
        pool = make_chore(parent, is_recurring=True)
        complete(child, pool)
        approve(parent, pool)
        complete(child, pool)
        reject(parent, pool)
        people.sql("UPDATE chores SET cooldown_days = 30 WHERE id = %s", pool["id"])
        assert offered(child) == [[pool["id"]], []]
        assert complete(child, pool).status_code == 200

    def test_a_recurring_one_is_free_for_others_as_soon_as_it_is_approved(self, people):
        parent, first, second = people.family(children=2)
        pool = make_chore(parent, is_recurring=True, cooldown_days=2)
        complete(first, pool)
        assert offered(second) == [[], []]
        approve(parent, pool)
        assert offered(first) == [[], []]
        assert offered(second) == [[], [pool["id"]]]
        age(people, pool, "approval_date", "48 hours")
        assert offered(first) == [[pool["id"]], []]


class TestOfOldRows:
    """What the original has left behind."""

    def test_approved_but_not_completed(self, people):
        parent, child = people.family()
        once, again = make_chore(parent, child), make_chore(parent, child, is_recurring=True, cooldown_days=1)
        for chore in (once, again):
            complete(child, chore)
            approve(parent, chore)
            people.sql("UPDATE chore_assignments SET is_completed = false WHERE chore_id = %s", chore["id"])
        assert offered(child) == [[], []]
        assert_refused(complete(child, once), 400, "This chore is already completed and approved")
        assert_refused(complete(child, again), 400, "Chore is in cooldown period. Available again in 1 days")
        age(people, again, "approval_date", "1 day")
        assert offered(child) == [[again["id"]], []]
        assert complete(child, again).status_code == 200

    def test_a_child_outside_of_the_family_keeps_what_it_was_given(self, people):
        parent, child = people.family()
        chore, pool = make_chore(parent, child), make_chore(parent)
        people.sql("UPDATE users SET family_id = NULL, parent_id = NULL WHERE id = %s", child.id)
        assert offered(child) == [[chore["id"]], []]
        assert complete(child, chore).status_code == 200
        assert approve(parent, chore).status_code == 200
        assert_refused(complete(child, pool), 403, "You are not assigned to this chore")

    def test_modes_that_are_none(self, people):
        parent, child, sibling = people.family(children=2)
        chore = make_chore(parent, child)
        people.sql("UPDATE chores SET assignment_mode = 'O''Hare \"%%s' WHERE id = %s", chore["id"])
        for person in (child, sibling):
            assert_refused(complete(person, chore), 400, "Unknown assignment mode: O'Hare \"%s")
        assert offered(child) == [[], []]


def test_the_cooldown_ends_to_the_microsecond(people):
    """Whole days and one more until then, "1 days" too."""
    parent, child = people.family()
    chore = make_chore(parent, child, is_recurring=True, cooldown_days=1)
    complete(child, chore)
    approve(parent, chore)
    assert_refused(complete(child, chore), 400, "Chore is in cooldown period. Available again in 1 days")
    age(people, chore, "approval_date", "23 hours 59 minutes 50 seconds")
    assert_refused(complete(child, chore), 400, "Chore is in cooldown period. Available again in 1 days")
    age(people, chore, "approval_date", "10 seconds")
    assert complete(child, chore).status_code == 200


def test_bodies_of_actions_are_read_but_not_needed(people):
    parent, child = people.family()
    path = f"/chores/{make_chore(parent, child)['id']}/complete"
    assert child.post(path, content="x", headers={"content-type": "text/plain"}).status_code == 415
    answer = child.post(path, content="{bad", headers={"content-type": "application/json"})
    assert json.loads(answer.text)["error"]["code"] == "MALFORMED_JSON"
    assert child.post(path, {"anything": 1}).status_code == 200
