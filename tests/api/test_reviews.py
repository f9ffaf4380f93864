"""Parents approve and reject, by assignment and by chore."""

import functools

import pytest

from support.answers import (
    ADJUSTMENT_KEYS, ASSIGNMENT_KEYS, MOMENT, assert_answer, assert_chore, assert_refused, faults,
)  # fmt: skip
from support.people import make_chore


def done(parent, child, **fields):
    """A chore that waits for approval, and its assignment's id."""
    chore = make_chore(parent, child, **fields)
    body = assert_answer(child.post(f"/chores/{chore['id']}/complete"))
    return chore, body["assignment"]["id"]


def paths(chore, assignment_id, action):
    return [f"/chores/{chore['id']}/{action}", f"/assignments/{assignment_id}/{action}"]


def activity(people, chore, kind):
    return people.sql(
        "SELECT user_id, target_user_id, description, activity_data::text FROM activities WHERE activity_type = %s"
        " AND activity_data @> jsonb_build_object('chore_id', %s::int) ORDER BY id",
        kind, chore["id"],
    )  # fmt: skip


class TestApprove:
    def test_by_assignment(self, people):
        parent, child = people.family()
        chore, assignment_id = done(parent, child)
        answer = parent.post(f"/assignments/{assignment_id}/approve")
        body = assert_answer(answer)
        assert list(body) == ["assignment", "reward_adjustment", "chore", "final_reward", "message"]
        assert list(body["assignment"]) == ASSIGNMENT_KEYS
        assert (body["assignment"]["is_approved"], body["assignment"]["approval_reward"]) == (True, 5.0)
        assert body["assignment"]["approval_date"].endswith("Z")
        adjustment = body["reward_adjustment"]
        assert list(adjustment) == ADJUSTMENT_KEYS
        assert (adjustment["amount"], adjustment["reason"]) == ("5.00", "Approved chore: Dishes")
        assert (adjustment["child_id"], adjustment["parent_id"]) == (child.id, parent.id)
        assert (adjustment["child"], adjustment["parent"]) == (None, None)
        assert_chore(body["chore"])
        assert body["chore"]["assignments"] == [body["assignment"]]
        assert '"final_reward":5.0,"message":"Assignment approved successfully"}' in answer.text
        assert activity(people, chore, "chore_approved") == [
            (parent.id, child.id, "Approved chore 'Dishes' for $5.00",
             f'{{"chore_id": {chore["id"]}, "chore_title": "Dishes", "reward_amount": 5.0}}')]  # fmt: skip

    def test_by_chore(self, people):
        parent, child = people.family()
        chore, _ = done(parent, child, is_range_reward=True, min_reward=2, max_reward=4.5)
        body = assert_answer(parent.post(f"/chores/{chore['id']}/approve", {"reward_value": "3.5", "is_approved": False}))
        assert (body["is_completed"], body["is_approved"], body["approval_reward"]) == (True, True, 3.5)
        assert (body["reward"], body["rejection_reason"]) == (3.5, None)
        assert body["completed_at"] is not None
        assert body["approved_at"] == body["assignments"][0]["approval_date"]
        assert assert_answer(parent.get(f"/chores/{chore['id']}"))["reward"] == 5.0

    def test_by_chore_takes_who_has_waited_longest(self, people):
        parent, first, second = people.family(children=2)
        chore = make_chore(parent, first, second)
        for child in (second, first):
            child.post(f"/chores/{chore['id']}/complete")
        body = assert_answer(parent.post(f"/chores/{chore['id']}/approve", {}))
        assert [a["assignee_id"] for a in body["assignments"] if a["is_approved"]] == [second.id]

    @pytest.mark.parametrize(
        ("reward", "amount", "text", "data"),
        [
            (0.125, "0.13", "$0.12", "0.125"), (1.005, "1.00", "$1.00", "1.005"), (2.675, "2.67", "$2.67", "2.675"),
            (0.135, "0.14", "$0.14", "0.135"), (99.995, "100.00", "$100.00", "99.995"), (3.333, "3.33", "$3.33", "3.333"),
            (0.375, "0.38", "$0.38", "0.375"), (7, "7.00", "$7.00", "7.0"), (0, "0.00", "$0.00", "0.0"), (1000, "1000.00", "$1000.00", "1000.0"),
        ],
    )  # fmt: skip
    def test_cents(self, people, reward, amount, text, data):
        parent, child = people.family()
        chore, assignment_id = done(parent, child, reward=reward)
        body = assert_answer(parent.post(f"/assignments/{assignment_id}/approve"))
        assert body["reward_adjustment"]["amount"] == amount
        assert body["final_reward"] == reward
        ((_, _, description, stored),) = activity(people, chore, "chore_approved")
        assert description == f"Approved chore 'Dishes' for {text}"
        assert stored.endswith(f'"reward_amount": {data}}}')

    def test_a_fixed_chore_pays_its_reward_whatever_is_sent(self, people):
        parent, child = people.family()
        _, assignment_id = done(parent, child)
        assert assert_answer(parent.post(f"/assignments/{assignment_id}/approve", {"reward_value": 9}))["final_reward"] == 5.0

    def test_bounds_of_a_range(self, people):
        parent, child = people.family()
        chore, assignment_id = done(parent, child, is_range_reward=True, min_reward=2, max_reward=4.5)
        for path in paths(chore, assignment_id, "approve"):
            for body in ({}, {"reward_value": None}):
                assert_refused(parent.post(path, body), 422, "Reward value is required for range-based rewards")
            for value in (1.99, 4.51):
                assert_refused(parent.post(path, {"reward_value": value}), 422, "Reward value must be between 2.0 and 4.5")
        people.sql("UPDATE chores SET min_reward = NULL, max_reward = NULL WHERE id = %s", chore["id"])
        assert parent.post(f"/assignments/{assignment_id}/approve", {"reward_value": 1000}).status_code == 200

    def test_bodies(self, people):
        parent, child = people.family()
        chore, assignment_id = done(parent, child)
        by_chore, by_assignment = paths(chore, assignment_id, "approve")
        assert faults(parent.post(by_chore)) == [("missing", ["body"], "Field required")]
        for path in (by_chore, by_assignment):
            assert faults(parent.post(path, [1]))[0][0] == "model_attributes_type"
            assert faults(child.post(path, {"reward_value": -1}))[0][0] == "greater_than_equal"
            assert faults(child.post(path, {"reward_value": "abc"}))[0][0] == "float_parsing"
            assert faults(child.post(path, {"reward_value": {}}))[0][0] == "float_type"
        assert parent.post(by_assignment, content=b"").status_code == 200


class TestReject:
    def test_by_assignment(self, people):
        parent, child = people.family()
        chore, assignment_id = done(parent, child)
        body = assert_answer(parent.post(f"/assignments/{assignment_id}/reject", {"rejection_reason": "\u00a0 do it again "}))
        assert list(body) == ["assignment", "chore", "rejection_reason", "message"]
        assert body["rejection_reason"] == body["assignment"]["rejection_reason"] == "do it again"
        assert (body["assignment"]["is_completed"], body["assignment"]["completion_date"]) == (False, None)
        assert body["message"] == "Assignment rejected successfully. Child can see the reason and redo the chore."
        assert_chore(body["chore"])
        assert activity(people, chore, "chore_rejected") == [
            (parent.id, child.id, "Rejected chore 'Dishes': do it again",
             f'{{"chore_id": {chore["id"]}, "chore_title": "Dishes", "rejection_reason": "do it again"}}')]  # fmt: skip
        child.post(f"/chores/{chore['id']}/complete")
        assert assert_answer(child.get(f"/chores/{chore['id']}"))["assignments"][0]["rejection_reason"] is None

    def test_by_chore(self, people):
        parent, child = people.family()
        chore, _ = done(parent, child)
        body = assert_answer(parent.post(f"/chores/{chore['id']}/reject", {"rejection_reason": "no"}))
        assert (body["is_completed"], body["is_approved"], body["rejection_reason"]) == (False, False, "no")
        assert (body["completed_at"], body["approved_at"], body["approval_reward"]) == (None, None, None)
        assert body["assignments"][0]["rejection_reason"] == "no"

    @pytest.mark.parametrize(("length", "shown"), [(50, "x" * 50), (51, "x" * 50 + "...")])
    def test_long_reasons_are_cut_in_the_activity(self, people, length, shown):
        parent, child = people.family()
        chore, assignment_id = done(parent, child)
        parent.post(f"/assignments/{assignment_id}/reject", {"rejection_reason": "x" * length})
        ((_, _, description, data),) = activity(people, chore, "chore_rejected")
        assert description == f"Rejected chore 'Dishes': {shown}"
        assert "x" * length in data

    def test_reasons_are_needed(self, people):
        parent, child = people.family()
        chore, assignment_id = done(parent, child)
        for path in paths(chore, assignment_id, "reject"):
            for body, kind in (({}, "missing"), ({"rejection_reason": ""}, "string_too_short"),
                               ({"rejection_reason": None}, "string_type"),
                               ({"rejection_reason": "x" * 501}, "string_too_long")):  # fmt: skip
                assert faults(child.post(path, body))[0][0] == kind
            assert faults(child.post(path))[0][:2] == ("missing", ["body"])
            answer = parent.post(path, {"rejection_reason": " \u00a0\t\u001f"})
            assert_refused(answer, 422, "Rejection reason is required and cannot be empty")


@pytest.mark.parametrize(
    ("action", "body", "by_assignment", "by_chore"),
    [
        ("approve", {}, ("Assignment must be completed before approval", "Assignment is already approved"),
         "You can only approve assignments"),
        ("reject", {"rejection_reason": "no"},
         ("Assignment must be completed before rejection", "Cannot reject already approved assignment"),
         "You can only reject assignments"),
    ],
)  # fmt: skip
class TestOrderOfChecks:
    def test_of_both(self, people, action, body, by_assignment, by_chore):
        parent, co_parent, child = people.family(parents=2)
        stranger, _ = people.family()
        single = people.parent()
        chore, assignment_id = done(parent, child)
        names = ("chores", "assignments")
        for name, path in zip(names, paths(chore, assignment_id, action)):
            assert_refused(child.post(path, body), 403, f"Only parents can {action} {name}")
            assert_refused(stranger.post(path, body), 403, f"{by_chore} from your family")
            assert_refused(single.post(path, body), 403, f"{by_chore} for chores you created")
        for unknown in (0, -1, 999999, 2147483648):
            assert_refused(parent.post(f"/chores/{unknown}/{action}", body), 404, "Chore not found")
            assert_refused(parent.post(f"/assignments/{unknown}/{action}", body), 404, "Assignment not found")
        open_ = make_chore(parent, child)
        path_by_chore, path_by_assignment = paths(open_, open_["assignments"][0]["id"], action)
        assert_refused(parent.post(path_by_chore, body), 400, "No completed assignment found for this chore")
        assert_refused(parent.post(path_by_assignment, body), 400, by_assignment[0])
        assert_refused(stranger.post(path_by_assignment, body), 403, f"{by_chore} from your family")
        assert co_parent.post(f"/assignments/{assignment_id}/approve").status_code == 200
        path_by_chore, path_by_assignment = paths(chore, assignment_id, action)
        assert_refused(parent.post(path_by_chore, body), 400, "No completed assignment found for this chore")
        assert_refused(parent.post(path_by_assignment, body), 400, by_assignment[1])

    def test_disabled_chores_too(self, people, action, body, by_assignment, by_chore):
        parent, child = people.family()
        chore, assignment_id = done(parent, child)
        parent.post(f"/chores/{chore['id']}/disable")
        assert parent.post(f"/assignments/{assignment_id}/{action}", body).status_code == 200


class TestToTheByte:
    CHORE = (
        '{{"title":"Dishes","description":"All of them","reward":{reward},"min_reward":null,"max_reward":null,'
        '"approval_reward":{told[0]},"rejection_reason":{told[1]},"is_range_reward":false,"cooldown_days":0,'
        '"is_recurring":false,"frequency":null,"is_disabled":false,"id":{chore[id]},"assignment_mode":"single",'
        '"creator_id":{chore[creator_id]},"created_at":"{chore[created_at]}","updated_at":"{chore[updated_at]}",'
        '"is_completed":{told[2]},"is_approved":{told[3]},"completed_at":{told[4]},"approved_at":{told[5]},'
        '"assignments":[{assignment}]}}'
    )
    SILENT = ("null",) * 6

    def chore(self, chore, assignment, told=SILENT):
        return self.CHORE.format(chore=chore, assignment=assignment, told=told, reward="3.333")

    def assignment(self, chore, row, review):
        """${review}: flags and moments as they shall be."""
        return (
            f'{{"id":{row["id"]},"chore_id":{chore["id"]},"assignee_id":{row["assignee_id"]},{review},'
            f'"created_at":"{row["created_at"]}","updated_at":"{row["updated_at"]}"}}'
        )

    def test_approved(self, people):
        parent, child = people.family()
        chore, assignment_id = done(parent, child, reward=3.333)
        answer = parent.post(f"/assignments/{assignment_id}/approve", {})
        body = answer.json()
        row, paid = body["assignment"], body["reward_adjustment"]
        assignment = self.assignment(
            chore, row,
            f'"is_completed":true,"is_approved":true,"completion_date":"{row["completion_date"]}",'
            f'"approval_date":"{row["approval_date"]}","approval_reward":3.333,"rejection_reason":null')  # fmt: skip
        assert answer.text == (
            f'{{"assignment":{assignment},"reward_adjustment":{{"amount":"3.33","reason":"Approved chore: Dishes",'
            f'"id":{paid["id"]},"child_id":{child.id},"parent_id":{parent.id},"created_at":"{paid["created_at"]}",'
            f'"child":null,"parent":null}},"chore":{self.chore(chore, assignment)},"final_reward":3.333,'
            '"message":"Assignment approved successfully"}'
        )
        for moment in (row["completion_date"], row["approval_date"], row["updated_at"], paid["created_at"]):
            assert MOMENT.match(moment)

    def test_approved_by_chore(self, people):
        parent, child = people.family()
        chore, _ = done(parent, child, reward=3.333)
        answer = parent.post(f"/chores/{chore['id']}/approve", {})
        (row,) = answer.json()["assignments"]
        done_at, paid_at = f'"{row["completion_date"]}"', f'"{row["approval_date"]}"'
        assignment = self.assignment(
            chore, row,
            f'"is_completed":true,"is_approved":true,"completion_date":{done_at},"approval_date":{paid_at},'
            '"approval_reward":3.333,"rejection_reason":null')  # fmt: skip
        assert answer.text == self.chore(chore, assignment, ("3.333", "null", "true", "true", done_at, paid_at))

    def test_rejected(self, people):
        parent, child = people.family()
        chore, assignment_id = done(parent, child, reward=3.333)
        review = (
            '"is_completed":false,"is_approved":false,"completion_date":null,"approval_date":null,'
            '"approval_reward":null,"rejection_reason":"\\u0007 nö"'
        )
        answer = parent.post(f"/assignments/{assignment_id}/reject", {"rejection_reason": "\u2003\x0b\u0007 nö\x1f "})
        assignment = self.assignment(chore, answer.json()["assignment"], review)
        assert answer.text == (
            f'{{"assignment":{assignment},"chore":{self.chore(chore, assignment)},"rejection_reason":"\\u0007 nö",'
            '"message":"Assignment rejected successfully. Child can see the reason and redo the chore."}'
        )
        child.post(f"/chores/{chore['id']}/complete")
        answer = parent.post(f"/chores/{chore['id']}/reject", {"rejection_reason": "\u0007 nö"})
        assignment = self.assignment(chore, answer.json()["assignments"][0], review)
        told = ("null", '"\\u0007 nö"', "false", "false", "null", "null")
        assert answer.text == self.chore(chore, assignment, told)


class TestWhichAssignment:
    def test_who_has_waited_longest_not_who_has_the_first_row(self, people):
        parent, *children = people.family(children=3)
        chore = make_chore(parent, *children)
        for child in (children[2], children[0], children[1]):
            assert child.post(f"/chores/{chore['id']}/complete").status_code == 200
        path = f"/chores/{chore['id']}"
        body = assert_answer(parent.post(f"{path}/reject", {"rejection_reason": "no"}))
        assert [a["rejection_reason"] for a in body["assignments"]] == [None, None, "no"]
        body = assert_answer(parent.post(f"{path}/approve", {}))
        assert [a["is_approved"] for a in body["assignments"]] == [True, False, False]
        people.sql("UPDATE chore_assignments SET completion_date = now() WHERE chore_id = %s AND is_completed", chore["id"])
        assert children[2].post(f"{path}/complete").status_code == 200
        people.sql("UPDATE chore_assignments SET completion_date = '2026-01-01' WHERE chore_id = %s AND is_completed", chore["id"])
        body = assert_answer(parent.post(f"{path}/approve", {}))  # at once: by id
        assert [a["is_approved"] for a in body["assignments"]] == [True, True, False]

    def test_the_one_named_and_no_other(self, people):
        parent, *children = people.family(children=3)
        chore = make_chore(parent, *children)
        named = {c.id: assert_answer(c.post(f"/chores/{chore['id']}/complete"))["assignment"]["id"] for c in children}
        body = assert_answer(parent.post(f"/assignments/{named[children[1].id]}/approve"))
        assert (body["assignment"]["assignee_id"], body["reward_adjustment"]["child_id"]) == (children[1].id,) * 2
        assert [a["is_approved"] for a in body["chore"]["assignments"]] == [False, True, False]

    def test_a_parents_own_dead_row_can_be_reviewed(self, people):
        """The original let parents be assigned."""
        parent, co_parent = people.family(children=0, parents=2)
        chore = make_chore(parent)
        people.sql(
            "INSERT INTO chore_assignments (chore_id, assignee_id, is_completed, completion_date)"
            " VALUES (%s, %s, true, now())", chore["id"], co_parent.id)  # fmt: skip
        body = assert_answer(parent.post(f"/chores/{chore['id']}/approve", {}))
        assert body["assignments"][0]["assignee_id"] == co_parent.id


class TestOrderFurther:
    def test_of_approving(self, people):
        """From a stranger's wrong body down to a right one, one fault less each time."""
        parent, child = people.family()
        stranger, _ = people.family()
        single = people.parent()
        chore, assignment_id = done(parent, child, is_range_reward=True, min_reward=0, max_reward=0.00001)
        for path in paths(chore, assignment_id, "approve"):
            kind = path.split("/")[1]
            role = f"Only parents can approve {kind}"
            assert faults(child.post(path, {"reward_value": 1001}))[0][0] == "less_than_equal"
            assert_refused(child.post(f"/{kind}/0/approve", {"reward_value": 9}), 403, role)
            assert_refused(stranger.post(path, {}), 403, "You can only approve assignments from your family")
            assert_refused(single.post(path, {}), 403, "You can only approve assignments for chores you created")
            assert_refused(parent.post(path, {}), 422, "Reward value is required for range-based rewards")
            assert_refused(parent.post(path, {"reward_value": 2e-5}), 422, "Reward value must be between 0.0 and 1e-05")
        open_ = make_chore(parent, child, is_range_reward=True, min_reward=1, max_reward=2)
        by_chore, by_assignment = paths(open_, open_["assignments"][0]["id"], "approve")
        assert_refused(stranger.post(by_chore, {}), 403, "You can only approve assignments from your family")
        assert_refused(parent.post(by_chore, {"reward_value": 9}), 400, "No completed assignment found for this chore")
        assert_refused(parent.post(by_assignment, {"reward_value": 9}), 400, "Assignment must be completed before approval")

    def test_of_rejecting(self, people):
        parent, child = people.family()
        stranger, _ = people.family()
        chore, assignment_id = done(parent, child)
        blank = {"rejection_reason": "\u3000"}
        for path in paths(chore, assignment_id, "reject"):
            kind = path.split("/")[1]
            assert_refused(child.post(path, blank), 403, f"Only parents can reject {kind}")
            assert_refused(stranger.post(path, blank), 403, "You can only reject assignments from your family")
            assert_refused(parent.post(path, blank), 422, "Rejection reason is required and cannot be empty")
            unknown = {"chores": "Chore not found", "assignments": "Assignment not found"}[kind]
            assert_refused(parent.post(f"/{kind}/0/reject", blank), 404, unknown)
        assert parent.post(f"/assignments/{assignment_id}/approve").status_code == 200
        by_chore, by_assignment = paths(chore, assignment_id, "reject")
        assert_refused(stranger.post(by_assignment, blank), 403, "You can only reject assignments from your family")
        assert_refused(parent.post(by_chore, blank), 400, "No completed assignment found for this chore")
        assert_refused(parent.post(by_assignment, blank), 400, "Cannot reject already approved assignment")

    @pytest.mark.parametrize("path", ["/chores/x/approve", "/chores/x/reject", "/assignments/x/approve", "/assignments/x/reject"])
    def test_ids_and_bodies_are_checked_together(self, people, path):
        _, child = people.family()
        name = {"chores": "chore_id", "assignments": "assignment_id"}[path.split("/")[1]]
        field, kind = ("reward_value", "float_parsing") if "approve" in path else ("rejection_reason", "string_type")
        sent = "x" if kind == "float_parsing" else 5
        assert [f[:2] for f in faults(child.post(path, {field: sent}))] == [
            ("int_parsing", ["path", name]), (kind, ["body", field])]  # fmt: skip


class TestRewards:
    def post(self, parent, path, number):
        text = f'{{"reward_value":{number}}}'
        return parent.post(path, content=text, headers={"content-type": "application/json"})

    @pytest.mark.parametrize("value", [2, 2.0, "2", " 2e0 ", 4.5, "4.50", 3])
    def test_bounds_belong_to_the_range(self, people, value):
        parent, child = people.family()
        chore, assignment_id = done(parent, child, is_range_reward=True, min_reward=2, max_reward=4.5)
        body = assert_answer(parent.post(f"/assignments/{assignment_id}/approve", {"reward_value": value}))
        assert body["final_reward"] == float(value)
        assert body["chore"]["reward"] == 5.0
        assert (body["chore"]["min_reward"], body["chore"]["max_reward"]) == (2.0, 4.5)

    def test_what_no_reward_can_be(self, people):
        parent, child = people.family()
        chore, assignment_id = done(parent, child, is_range_reward=True, min_reward=0, max_reward=1000)
        for path in paths(chore, assignment_id, "approve"):
            post = functools.partial(self.post, parent, path)
            for number in ("NaN", "Infinity", "-Infinity"):
                assert post(number).json()["error"]["code"] == "MALFORMED_JSON"
            assert faults(post("1e999"))[0][:2] == ("less_than_equal", ["body", "reward_value"])
            assert faults(post("-1e999"))[0][:2] == ("greater_than_equal", ["body", "reward_value"])
            assert faults(post('"nan"'))[0][0] in ("less_than_equal", "greater_than_equal")
            assert faults(post("1000.0000000000001"))[0][:2] == ("less_than_equal", ["body", "reward_value"])

    def test_nothing_is_paid_for_nothing_and_the_stored_reward_stays(self, people):
        parent, child = people.family()
        chore, _ = done(parent, child, is_range_reward=True, min_reward=0, max_reward=1)
        body = assert_answer(parent.post(f"/chores/{chore['id']}/approve", {"reward_value": 0}))
        assert (body["reward"], body["approval_reward"]) == (5.0, 0.0)
        assert people.sql("SELECT amount::text FROM reward_adjustments WHERE child_id = %s", child.id) == [("0.00",)]

    def test_the_reward_of_this_moment_counts(self, people):
        parent, child = people.family()
        chore, assignment_id = done(parent, child)
        people.sql("UPDATE chores SET reward = 7.25 WHERE id = %s", chore["id"])
        assert assert_answer(parent.post(f"/assignments/{assignment_id}/approve"))["final_reward"] == 7.25

    def test_old_rewards_beyond_all_bounds_are_not_paid(self, people):
        parent, child = people.family()
        chore, assignment_id = done(parent, child)
        for reward in ("-3", "1000.01", "NaN", "Infinity"):
            people.sql("UPDATE chores SET reward = %s WHERE id = %s", reward, chore["id"])
            answer = parent.post(f"/assignments/{assignment_id}/approve")
            assert_refused(answer, 422, "Reward value must be between 0.0 and 1000.0")
        assert people.sql("SELECT count(*) FROM reward_adjustments WHERE child_id = %s", child.id) == [(0,)]


class TestHistory:
    """What a review leaves in the row, and who reviewed."""

    def test_an_earlier_cycles_approval_stays_after_a_rejection(self, people):
        parent, co_parent, child = people.family(parents=2)
        chore, assignment_id = done(parent, child, is_recurring=True)
        first = assert_answer(parent.post(f"/assignments/{assignment_id}/approve"))["assignment"]
        child.post(f"/chores/{chore['id']}/complete")
        body = assert_answer(co_parent.post(f"/assignments/{assignment_id}/reject", {"rejection_reason": "no"}))
        assert body["assignment"]["approval_date"] == first["approval_date"]
        assert body["assignment"]["approval_reward"] == 5.0
        child.post(f"/chores/{chore['id']}/complete")
        body = assert_answer(co_parent.post(f"/assignments/{assignment_id}/approve"))
        assert body["assignment"]["approval_date"] > first["approval_date"]
        assert body["assignment"]["rejection_reason"] is None
        assert people.sql("SELECT parent_id, amount::text, kind, assignment_id FROM reward_adjustments"
                          " WHERE child_id = %s ORDER BY id", child.id) == [
            (parent.id, "5.00", "approval", assignment_id), (co_parent.id, "5.00", "approval", assignment_id)]  # fmt: skip
        assert [row[:2] for row in activity(people, chore, "chore_approved")] == [(parent.id, child.id), (co_parent.id, child.id)]
        assert [row[:2] for row in activity(people, chore, "chore_rejected")] == [(co_parent.id, child.id)]

    def test_long_titles_and_reasons_arrive_whole(self, people):
        parent, child = people.family()
        title, reason = "\U0001f9f9" * 200, "ü" * 500
        chore, assignment_id = done(parent, child, title=title)
        body = assert_answer(parent.post(f"/assignments/{assignment_id}/reject", {"rejection_reason": reason}))
        assert body["rejection_reason"] == reason
        ((_, _, text, _),) = activity(people, chore, "chore_rejected")
        assert text == f"Rejected chore '{title}': {'ü' * 50}..."
        child.post(f"/chores/{chore['id']}/complete")
        body = assert_answer(parent.post(f"/assignments/{assignment_id}/approve"))
        assert body["reward_adjustment"]["reason"] == f"Approved chore: {title}"

    @pytest.mark.parametrize("action", ["approve", "reject"])
    def test_a_refused_review_leaves_nothing(self, people, action):
        parent, child = people.family()
        stranger, _ = people.family()
        chore, assignment_id = done(parent, child)
        before = assert_answer(parent.get(f"/chores/{chore['id']}"))
        for path in paths(chore, assignment_id, action):
            assert stranger.post(path, {"rejection_reason": "no"}).status_code == 403
        assert assert_answer(parent.get(f"/chores/{chore['id']}")) == before
        assert activity(people, chore, "chore_approved") + activity(people, chore, "chore_rejected") == []


def test_nothing_else_lives_below_assignments(people):
    parent = people.parent()
    assert_refused(parent.get("/assignments/1"), 404, "Not Found")
    answer = parent.get("/assignments/1/approve")
    assert_refused(answer, 405, "Method Not Allowed")
    assert answer.headers["allow"] == "POST"
