"""Parents change, remove, disable and enable chores; children do them."""

import json

import pytest

from support.answers import ASSIGNMENT_KEYS, MOMENT, assert_answer, assert_chore, assert_refused, faults
from support.people import make_chore


def put(parent, chore, **fields):
    return parent.put(f"/chores/{chore['id']}", fields)


def complete(child, chore):
    return child.post(f"/chores/{chore['id']}/complete")


def approve(parent, chore, **fields):
    return parent.post(f"/chores/{chore['id']}/approve", fields)


def age(people, chore, column, interval):
    people.sql(
        f"UPDATE chore_assignments SET {column} = {column} - %s::interval WHERE chore_id = %s", interval, chore["id"]
    )


class TestUpdate:
    def test_only_what_is_sent_changes(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child, frequency="daily", min_reward=1, max_reward=2)
        body = assert_answer(put(parent, chore, title="New", reward="7.5", is_recurring="yes", cooldown_days=3.0))
        assert_chore(body)
        assert body == {
            **chore, "title": "New", "reward": 7.5, "is_recurring": True, "cooldown_days": 3,
            "updated_at": body["updated_at"],
        }  # fmt: skip
        assert body["updated_at"] > chore["updated_at"]
        body = assert_answer(put(parent, chore, frequency=None, min_reward=None, max_reward=None, assignee_ids=None))
        assert (body["frequency"], body["min_reward"], body["max_reward"]) == (None, None, None)
        assert body["assignments"] == chore["assignments"]
        again = assert_answer(put(parent, chore))
        assert again["updated_at"] > body["updated_at"]

    def test_assignees_are_replaced_and_shown(self, people):
        parent, first, second = people.family(children=2)
        chore = make_chore(parent, first)
        before = people.server.metrics()("assignments_created_total", mode="single")
        body = assert_answer(put(parent, chore, assignee_ids=[second.id, second.id]))
        ((row,),) = [body["assignments"]]
        assert row["assignee_id"] == second.id
        assert row["id"] != chore["assignments"][0]["id"]
        body = assert_answer(put(parent, chore, assignee_ids=[second.id]))
        assert body["assignments"][0]["id"] > row["id"]
        assert people.server.metrics()("assignments_created_total", mode="single") - before == 2

    def test_checks_in_their_order(self, people):
        parent, co_parent, child = people.family(parents=2)
        stranger, foreign = people.family()
        single = people.parent()
        chore = make_chore(parent, child)
        assert_refused(put(child, chore), 403, "Only parents can update chores")
        assert_refused(parent.put("/chores/2147483648", {}), 404, "Chore not found")
        assert_refused(put(stranger, chore), 403, "You can only update chores from your family")
        assert_refused(put(single, chore), 403, "You can only update chores you created")
        assert_refused(put(parent, chore, assignee_ids=[]), 422, "'single' assignment mode requires exactly 1 assignee_id")
        assert_refused(put(parent, chore, assignee_ids=[999999]), 404, "Assignee with ID 999999 not found")
        assert_refused(put(parent, chore, assignee_ids=[foreign.id]), 403, f"Assignee {foreign.id} is not in your family")
        assert_refused(put(parent, chore, assignee_ids=[co_parent.id]), 403, f"Assignee {co_parent.id} is not your child")
        assert assert_answer(put(co_parent, chore))["id"] == chore["id"]
        complete(child, chore)
        text = "Cannot update chore with completed or approved assignments"
        assert_refused(put(parent, chore, assignee_ids=[999999]), 400, text)

    def test_bounds_are_judged_together_with_what_is_stored(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child, is_range_reward=True, min_reward=1, max_reward=4)
        text = "Minimum reward must be less than maximum reward"
        assert_refused(put(parent, chore, min_reward=5), 422, text)
        assert_refused(put(parent, chore, max_reward=0.5), 422, text)
        assert put(parent, chore, min_reward=5, max_reward=6).status_code == 200
        assert put(parent, chore, min_reward=6).status_code == 200

    @pytest.mark.parametrize(
        ("fields", "kind"),
        [
            ({"title": None}, "string_type"),
            ({"description": None}, "string_type"),
            ({"reward": None}, "float_type"),
            ({"is_range_reward": None}, "bool_type"),
            ({"cooldown_days": None}, "int_type"),
            ({"frequency": "x" * 51}, "string_too_long"),
            ({"reward": "abc"}, "float_parsing"),
            ({"max_reward": 1001}, "less_than_equal"),
        ],
    )
    def test_faults(self, people, fields, kind):
        answer = people.parent().put("/chores/1", fields)
        (field,) = fields
        assert [f[:2] for f in faults(answer)] == [(kind, ["body", field])]

    def test_faults_come_before_the_role_all_at_once(self, people):
        _, child = people.family()
        answer = child.put("/chores/abc", {"title": ""})
        assert answer.text == (
            '{"detail":[{"type":"int_parsing","loc":["path","chore_id"],"msg":"Input should be a valid integer,'
            ' unable to parse string as an integer","input":"abc"},{"type":"string_too_short","loc":["body","title"],'
            '"msg":"String should have at least 1 character","input":"","ctx":{"min_length":1}}]}'
        )


class TestDelete:
    def test_it_goes_with_its_assignments_and_the_money_stays(self, people):
        parent, co_parent, child = people.family(parents=2)
        chore = make_chore(parent, child)
        complete(child, chore)
        approve(parent, chore)
        answer = co_parent.delete(f"/chores/{chore['id']}")
        assert (answer.status_code, answer.content) == (204, b"")
        assert "content-type" not in answer.headers
        assert people.sql("SELECT count(*) FROM chore_assignments WHERE chore_id = %s", chore["id"]) == [(0,)]
        body = assert_answer(child.get("/users/me/balance"))
        assert (body["balance"], body["total_earned"]) == (5.0, 5.0)

    def test_checks_in_their_order(self, people):
        parent, child = people.family()
        stranger, _ = people.family()
        path = f"/chores/{make_chore(parent, child)['id']}"
        assert_refused(child.delete(path), 403, "Only parents can delete chores")
        assert_refused(parent.delete("/chores/999999"), 404, "Chore not found")
        assert_refused(stranger.delete(path), 403, "You can only delete chores from your family")
        assert_refused(people.parent().delete(path), 403, "You can only delete chores you created")
        answer = parent.delete(path, content="{bad", headers={"content-type": "application/json"})
        assert answer.status_code == 400


class TestSwitch:
    def test_off_and_on(self, people):
        parent, co_parent, child = people.family(parents=2)
        chore = make_chore(parent, child)
        path = f"/chores/{chore['id']}"
        first = assert_answer(parent.post(f"{path}/disable"))
        assert_chore(first)
        assert first["is_disabled"] is True
        assert assert_answer(co_parent.post(f"{path}/disable"))["updated_at"] > first["updated_at"]
        assert assert_answer(co_parent.post(f"{path}/enable"))["is_disabled"] is False
        assert_refused(parent.post(f"{path}/enable"), 400, "Chore is not disabled")

    def test_checks_in_their_order(self, people):
        parent, child = people.family()
        stranger, _ = people.family()
        single = people.parent()
        path = f"/chores/{make_chore(parent, child)['id']}"
        assert_refused(child.post(f"{path}/disable"), 403, "Only parents can disable chores")
        assert_refused(child.post(f"{path}/enable"), 403, "Only parents can enable chores")
        for action in ("disable", "enable"):
            assert_refused(parent.post(f"/chores/999999/{action}"), 404, "Chore not found")
        assert_refused(stranger.post(f"{path}/disable"), 403, "You can only disable chores from your family")
        assert_refused(single.post(f"{path}/disable"), 403, "You can only disable chores you created")
        for person in (stranger, single):
            assert_refused(person.post(f"{path}/enable"), 403, "You can only enable chores you created")


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


def test_bodies_of_actions_are_read_but_not_needed(people):
    parent, child = people.family()
    path = f"/chores/{make_chore(parent, child)['id']}/complete"
    assert child.post(path, content="x", headers={"content-type": "text/plain"}).status_code == 415
    answer = child.post(path, content="{bad", headers={"content-type": "application/json"})
    assert json.loads(answer.text)["error"]["code"] == "MALFORMED_JSON"
    assert child.post(path, {"anything": 1}).status_code == 200
