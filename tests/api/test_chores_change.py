"""Parents change, remove, disable and enable chores."""

import pytest

from support.answers import assert_answer, assert_chore, assert_refused, faults
from support.people import make_chore


def put(parent, chore, **fields):
    return parent.put(f"/chores/{chore['id']}", fields)


def complete(child, chore):
    return child.post(f"/chores/{chore['id']}/complete")


def approve(parent, chore, **fields):
    return parent.post(f"/chores/{chore['id']}/approve", fields)


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


class TestUpdateFurther:
    def test_every_member_arrives_alone(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child)
        for field, value, shown in (
            ("title", "x" * 200, None), ("description", "", None), ("reward", 1000, 1000.0), ("reward", True, 1.0),
            ("max_reward", "9.5", 9.5), ("min_reward", 9.5, None), ("is_range_reward", "on", True),
            ("is_range_reward", 0, False), ("cooldown_days", "365", 365), ("cooldown_days", False, 0),
            ("is_recurring", "t", True), ("frequency", "ü" * 50, None), ("is_disabled", True, None),
            ("is_disabled", "n", False), ("max_reward", None, None), ("frequency", None, None),
        ):  # fmt: skip
            before = chore
            chore = assert_answer(put(parent, chore, **{field: value}))
            expected = value if shown is None else shown
            assert chore == {**before, field: expected, "updated_at": chore["updated_at"]}

    def test_what_is_not_the_clients_to_say_is_ignored(self, people):
        parent, child, sibling = people.family(children=2)
        chore = make_chore(parent, child)
        fields = {"assignment_mode": "unassigned", "creator_id": child.id, "id": 1, "assignee_id": sibling.id,
                  "approval_reward": 9, "rejection_reason": "x", "is_completed": True, "nonsense": [1]}  # fmt: skip
        body = assert_answer(put(parent, chore, **fields))
        assert body == {**chore, "updated_at": body["updated_at"]}

    def test_the_order_of_checks(self, people):
        """What is wrong falls off one by one, in the order of the checks."""
        parent, child, sibling = people.family(children=2)
        stranger, foreign = people.family()
        chore = make_chore(parent, child)
        wrong = {"title": "", "assignee_ids": [999999, foreign.id], "min_reward": 5, "max_reward": 2}
        complete(child, chore)
        path = f"/chores/{chore['id']}"
        assert [f[:2] for f in faults(child.put(path, wrong))] == [("string_too_short", ["body", "title"])]
        wrong["title"] = "T"
        assert_refused(child.put(path, wrong), 403, "Only parents can update chores")
        assert_refused(child.put("/chores/0", wrong), 403, "Only parents can update chores")
        assert_refused(stranger.put("/chores/0", wrong), 404, "Chore not found")
        assert_refused(stranger.put(path, wrong), 403, "You can only update chores from your family")
        assert_refused(parent.put(path, wrong), 400, "Cannot update chore with completed or approved assignments")
        parent.post(f"{path}/reject", {"rejection_reason": "no"})
        assert_refused(parent.put(path, wrong), 422, "'single' assignment mode requires exactly 1 assignee_id")
        wrong["assignee_ids"] = [999999]
        assert_refused(parent.put(path, wrong), 404, "Assignee with ID 999999 not found")
        wrong["assignee_ids"] = [foreign.id]
        assert_refused(parent.put(path, wrong), 403, f"Assignee {foreign.id} is not in your family")
        wrong["assignee_ids"] = [sibling.id]
        assert_refused(parent.put(path, wrong), 422, "Minimum reward must be less than maximum reward")
        wrong["min_reward"] = 2
        assert assert_answer(parent.put(path, wrong))["assignments"][0]["assignee_id"] == sibling.id

    def test_the_mode_stays_and_rules(self, people):
        parent, first, second = people.family(children=2)
        pool, shared = make_chore(parent), make_chore(parent, first, second)
        text = "'unassigned' assignment mode must have 0 assignee_ids"
        assert_refused(put(parent, pool, assignee_ids=[first.id]), 422, text)
        text = "'multi_independent' assignment mode requires at least 1 assignee_id"
        assert_refused(put(parent, shared, assignee_ids=[]), 422, text)

    def test_of_several_children_each_gets_a_new_row(self, people):
        parent, first, second, third = people.family(children=3)
        chore = make_chore(parent, first, second)
        before = people.server.metrics()("assignments_created_total", mode="multi_independent")
        rows = assert_answer(put(parent, chore, assignee_ids=[third.id, second.id, third.id]))["assignments"]
        assert [r["assignee_id"] for r in rows] == [third.id, second.id]
        assert min(r["id"] for r in rows) > max(r["id"] for r in chore["assignments"])
        assert people.server.metrics()("assignments_created_total", mode="multi_independent") - before == 2
        assert assert_answer(parent.get(f"/chores/{chore['id']}"))["assignments"] == rows

    def test_rejected_claims_go_when_nobody_is_assigned(self, people):
        parent, child, sibling = people.family(children=2)
        pool = make_chore(parent)
        complete(child, pool)
        parent.post(f"/chores/{pool['id']}/reject", {"rejection_reason": "no"})
        assert len(assert_answer(put(parent, pool, title="New"))["assignments"]) == 1
        assert assert_answer(put(parent, pool, assignee_ids=[]))["assignments"] == []
        assert assert_answer(child.get("/chores/available"))["pool"][0]["chore"]["title"] == "New"

    def test_assignees_are_the_creators_children(self, people):
        parent, co_parent = people.family(children=0, parents=2)
        apart = people.child(parent, family_id=None)
        chore = make_chore(parent, apart)
        assert put(co_parent, chore, assignee_ids=[apart.id]).status_code == 200
        other = make_chore(co_parent, people.child(parent))
        assert_refused(put(parent, other, assignee_ids=[apart.id]), 403, f"Assignee {apart.id} is not your child")

    def test_a_refused_change_changes_nothing(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child)
        put(parent, chore, title="New", assignee_ids=[child.id], min_reward=3, max_reward=2)
        put(parent, chore, title="New", assignee_ids=[999999])
        assert assert_answer(parent.get(f"/chores/{chore['id']}")) == chore

    def test_bodies_that_are_no_objects(self, people):
        parent = people.parent()
        text = "Input should be a valid dictionary or object to extract fields from"
        assert parent.put("/chores/1").text == (
            '{"detail":[{"type":"missing","loc":["body"],"msg":"Field required","input":null}]}')  # fmt: skip
        for content, echo in (("[]", "[]"), ("null", "null"), ('"x"', '"x"'), ("5", "5"), ("1.50", "1.5")):
            answer = parent.put("/chores/1", content=content, headers={"content-type": "application/json"})
            assert answer.text == (
                f'{{"detail":[{{"type":"model_attributes_type","loc":["body"],"msg":"{text}","input":{echo}}}]}}')  # fmt: skip
        answer = parent.put("/chores/1", data={"title": "T"})
        assert answer.text == (
            f'{{"detail":[{{"type":"model_attributes_type","loc":["body"],"msg":"{text}","input":"title=T"}}]}}')  # fmt: skip

    @pytest.mark.parametrize(
        ("field", "sent", "fault"),
        [
            ("title", 1, '"string_type","loc":["body","title"],"msg":"Input should be a valid string","input":1'),
            ("title", "x" * 201, '"string_too_long","loc":["body","title"],"msg":"String should have at most 200 characters",'
             '"input":"' + "x" * 201 + '","ctx":{"max_length":200}'),
            ("reward", "x", '"float_parsing","loc":["body","reward"],"msg":"Input should be a valid number, unable to parse'
             ' string as a number","input":"x"'),
            ("reward", -0.5, '"greater_than_equal","loc":["body","reward"],"msg":"Input should be greater than or equal to 0",'
             '"input":-0.5,"ctx":{"ge":0.0}'),
            ("min_reward", 1000.5, '"less_than_equal","loc":["body","min_reward"],"msg":"Input should be less than or equal to'
             ' 1000","input":1000.5,"ctx":{"le":1000.0}'),
            ("is_disabled", "si", '"bool_parsing","loc":["body","is_disabled"],"msg":"Input should be a valid boolean, unable to'
             ' interpret input","input":"si"'),
            ("cooldown_days", 1.5, '"int_from_float","loc":["body","cooldown_days"],"msg":"Input should be a valid integer, got'
             ' a number with a fractional part","input":1.5'),
            ("cooldown_days", 366, '"less_than_equal","loc":["body","cooldown_days"],"msg":"Input should be less than or equal'
             ' to 365","input":366,"ctx":{"le":365}'),
            ("cooldown_days", -1, '"greater_than_equal","loc":["body","cooldown_days"],"msg":"Input should be greater than or'
             ' equal to 0","input":-1,"ctx":{"ge":0}'),
            ("assignee_ids", {}, '"list_type","loc":["body","assignee_ids"],"msg":"Input should be a valid list","input":{}'),
            ("assignee_ids", [[]], '"int_type","loc":["body","assignee_ids",0],"msg":"Input should be a valid integer","input":[]'),
        ],
    )  # fmt: skip
    def test_faults_to_the_byte(self, people, field, sent, fault):
        assert people.parent().put("/chores/1", {field: sent}).text == '{"detail":[{"type":' + fault + "}]}"


class TestQuietly:
    """Changes that are no events: no activity, no business counter."""

    COUNTERS = ("chores_created_total", "chores_completed_total", "chores_approved_total", "chores_rejected_total",
                "assignments_claimed_total", "rewards_paid_total", "reward_adjustments_total")  # fmt: skip

    def events(self, people):
        page = people.server.metrics()
        ((activities,),) = people.sql("SELECT count(*) FROM activities")
        return [page.total(name) for name in self.COUNTERS], activities

    def test_update_switch_and_delete(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child)
        path = f"/chores/{chore['id']}"
        before = self.events(people)
        assert put(parent, chore, title="New", assignee_ids=[child.id]).status_code == 200
        assert parent.post(f"{path}/disable").status_code == 200
        assert parent.post(f"{path}/enable").status_code == 200
        assert parent.delete(path).status_code == 204
        assert self.events(people) == before

    def test_deleted_work_leaves_its_activities(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child)
        complete(child, chore)
        count = "SELECT count(*) FROM activities WHERE activity_data @> jsonb_build_object('chore_id', %s::int)"
        assert people.sql(count, chore["id"]) == [(2,)]
        assert parent.delete(f"/chores/{chore['id']}").status_code == 204
        assert people.sql(count, chore["id"]) == [(2,)]
        for answer in (parent.delete(f"/chores/{chore['id']}"), complete(child, chore)):
            assert_refused(answer, 404, "Chore not found")

    @pytest.mark.parametrize("action", ["disable", "enable"])
    def test_a_switch_leaves_assignments_alone(self, people, action):
        parent, child = people.family()
        chore = make_chore(parent, child, is_disabled=action == "enable")
        people.sql("UPDATE chore_assignments SET is_completed = true, completion_date = now() WHERE chore_id = %s", chore["id"])
        before = assert_answer(parent.get(f"/chores/{chore['id']}"))
        after = assert_answer(parent.post(f"/chores/{chore['id']}/{action}", content="{}"))
        assert after == {**before, "is_disabled": action == "disable", "updated_at": after["updated_at"]}
        assert len(assert_answer(parent.get("/chores/pending-approval"))) == 1

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "disable", "enable"])
    def test_the_role_comes_before_what_is_named(self, people, method):
        _, child = people.family()
        verb = {"PUT": "update", "DELETE": "delete"}.get(method, method)
        answer = (child.put("/chores/0", {}) if method == "PUT" else child.delete("/chores/0") if method == "DELETE"
                  else child.post(f"/chores/0/{method}"))  # fmt: skip
        assert_refused(answer, 403, f"Only parents can {verb} chores")

    @pytest.mark.parametrize("path", ["", "/complete", "/disable", "/enable"])
    def test_ids_are_checked_before_the_role(self, people, path):
        _, child = people.family()
        answer = child.post(f"/chores/abc{path}") if path else child.delete("/chores/abc")
        assert [f[:2] for f in faults(answer)] == [("int_parsing", ["path", "chore_id"])]
