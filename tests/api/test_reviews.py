"""Parents approve and reject, by assignment and by chore."""

import pytest

from support.answers import ADJUSTMENT_KEYS, ASSIGNMENT_KEYS, assert_answer, assert_chore, assert_refused, faults
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
        " AND activity_data @> jsonb_build_object('chore_id', %s::int)",
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


def test_nothing_else_lives_below_assignments(people):
    parent = people.parent()
    assert_refused(parent.get("/assignments/1"), 404, "Not Found")
    answer = parent.get("/assignments/1/approve")
    assert_refused(answer, 405, "Method Not Allowed")
    assert answer.headers["allow"] == "POST"
