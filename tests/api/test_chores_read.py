"""Which chores there are, for those who may see them."""

import pytest

from support.answers import (
    ASSIGNMENT_KEYS, CHORE_KEYS, USER_KEYS, assert_answer, assert_chore, assert_refused, faults,
)  # fmt: skip
from support.people import make_chore

NOT_MINE = "Child not found or not your child"


def ids(answer):
    return [chore["id"] for chore in assert_answer(answer)]


def complete(child, chore):
    return assert_answer(child.post(f"/chores/{chore['id']}/complete"))["assignment"]


def approve(parent, chore):
    assert parent.post(f"/chores/{chore['id']}/approve", {}).status_code == 200


class TestList:
    def test_parents_see_the_familys_children_their_own(self, people):
        parent, co_parent, first, second = people.family(children=2, parents=2)
        stranger, _ = people.family()
        one = make_chore(parent, first)
        two = make_chore(co_parent, first, second)
        pool = make_chore(parent)
        make_chore(stranger)
        off = make_chore(parent, second, is_disabled=True)
        for chore in assert_answer(parent.get("/chores")):
            assert_chore(chore)
        assert ids(parent.get("/chores")) == ids(co_parent.get("/chores")) == [one["id"], two["id"], pool["id"]]
        assert ids(first.get("/chores")) == [one["id"], two["id"]]
        assert ids(second.get("/chores")) == [two["id"]]
        assert off["id"] not in ids(second.get("/chores"))
        assert ids(parent.get("/chores?skip=1&limit=1&status=x")) == [one["id"], two["id"], pool["id"]]

    def test_numbers_are_checked(self, people):
        answer = people.parent().get("/chores?skip=a&limit=b&child_id=c")
        assert [f[1] for f in faults(answer)] == [["query", "skip"], ["query", "limit"], ["query", "child_id"]]

    def test_states(self, people):
        parent, first, second = people.family(children=2)
        pool = make_chore(parent)
        half = make_chore(parent, first, second)
        done = make_chore(parent, first)
        complete(first, half)
        complete(first, done)
        approve(parent, done)
        assert ids(parent.get("/chores?state=active")) == [pool["id"], half["id"]]
        assert ids(parent.get("/chores?state=completed")) == [done["id"]]
        assert ids(parent.get("/chores?state=pending-approval")) == [half["id"]]
        assert ids(first.get("/chores?state=active")) == []
        assert ids(first.get("/chores?state=completed")) == [done["id"]]
        assert ids(first.get("/chores?state=pending-approval")) == [half["id"]]
        assert ids(second.get("/chores?state=active")) == [half["id"]]
        assert len(ids(parent.get("/chores?state="))) == 3
        text = "Invalid state. Must be one of: active, completed, pending-approval"
        for person in (parent, first):
            assert_refused(person.get("/chores?state=Active"), 422, text)

    def test_of_one_child(self, people):
        parent, first, second = people.family(children=2)
        open_ = make_chore(parent, first)
        waiting = make_chore(parent, first)
        done = make_chore(parent, first, second, is_disabled=False)
        off = make_chore(parent, first, is_disabled=True)
        complete(first, waiting)
        assignment = complete(first, done)
        assert parent.post(f"/assignments/{assignment['id']}/approve").status_code == 200
        path = f"/chores?child_id={first.id}"
        body = assert_answer(parent.get(path))
        assert [c["id"] for c in body] == [open_["id"], waiting["id"], done["id"], off["id"]]
        assert all(list(c) == CHORE_KEYS and c["assignments"] == [] for c in body)
        assert [(c["is_completed"], c["is_approved"]) for c in body] == [
            (False, False), (True, False), (True, True), (False, False)]  # fmt: skip
        assert (body[2]["approval_reward"], body[2]["approved_at"] is not None) == (5.0, True)
        assert body[1]["completed_at"] is not None
        assert parent.get(path).text == parent.get(f"/chores/child/{first.id}").text
        assert ids(parent.get(path + "&state=active")) == [open_["id"], off["id"]]
        assert ids(parent.get(path + "&state=completed")) == [done["id"]]
        assert ids(parent.get(path + "&state=pending-approval")) == [waiting["id"]]
        assert ids(parent.get(f"/chores/child/{first.id}/completed")) == [waiting["id"], done["id"]]
        assert ids(first.get(path)) == ids(first.get("/chores"))

    def test_of_a_child_that_is_not_ones_own(self, people):
        parent, child = people.family()
        stranger = people.parent()
        for child_id in (child.id, 999999, 99999999999):
            for path in (f"/chores?child_id={child_id}&state=nonsense", f"/chores/child/{child_id}",
                         f"/chores/child/{child_id}/completed"):  # fmt: skip
                assert_refused(stranger.get(path), 404, NOT_MINE)
        assert_refused(child.get(f"/chores/child/{child.id}"), 403, "Only parents can view children's chores")
        assert_refused(
            child.get(f"/chores/child/{child.id}/completed"), 403,
            "Only parents can view children's completed chores")  # fmt: skip
        assert ids(parent.get(f"/chores/child/{child.id}")) == []


class TestGet:
    def test_parents_and_assignees_may(self, people):
        parent, co_parent, first, second = people.family(children=2, parents=2)
        stranger = people.parent()
        chore = make_chore(parent, first, is_disabled=True)
        path = f"/chores/{chore['id']}"
        for person in (parent, co_parent, first):
            body = assert_answer(person.get(path))
            assert_chore(body)
            assert body == chore
        for person in (second, stranger):
            assert_refused(person.get(path), 403, "Not authorized to access this chore")
        pool = make_chore(parent)
        assert_refused(first.get(f"/chores/{pool['id']}"), 403, "Not authorized to access this chore")

    @pytest.mark.parametrize("chore_id", ["0", "-1", "999999", "2147483648", "99999999999999999999"])
    def test_unknown(self, people, chore_id):
        assert_refused(people.parent().get(f"/chores/{chore_id}"), 404, "Chore not found")

    @pytest.mark.parametrize("spelling", ["0999999", "+999999", "%20999999", "999999.0", "99_9999"])
    def test_ids_are_lax(self, people, spelling):
        assert_refused(people.parent().get(f"/chores/{spelling}"), 404, "Chore not found")

    @pytest.mark.parametrize("spelling", ["1.5", "1e0", "abc", "1__0"])
    def test_but_not_lawless(self, people, spelling):
        assert faults(people.parent().get(f"/chores/{spelling}")) == [
            ("int_parsing", ["path", "chore_id"],
             "Input should be a valid integer, unable to parse string as an integer")]  # fmt: skip


class TestAvailable:
    def test_ones_own_and_the_pool(self, people):
        parent, child, sibling = people.family(children=2)
        own = make_chore(parent, child)
        rejected = make_chore(parent, child)
        complete(child, rejected)
        parent.post(f"/chores/{rejected['id']}/reject", {"rejection_reason": "again"})
        waiting = make_chore(parent, child)
        complete(child, waiting)
        make_chore(parent, sibling)
        make_chore(parent, child, is_disabled=True)
        pool = make_chore(parent)
        stranger, _ = people.family()
        make_chore(stranger)
        body = assert_answer(child.get("/chores/available"))
        assert list(body) == ["assigned", "pool", "total_count"]
        assert [list(e) for e in body["assigned"] + body["pool"]] == [["chore", "assignment", "assignment_id"]] * 3
        assert [e["chore"]["id"] for e in body["assigned"]] == [own["id"], rejected["id"]]
        assert body["assigned"][0]["assignment"] == own["assignments"][0]
        assert body["assigned"][0]["assignment_id"] == own["assignments"][0]["id"]
        assert body["assigned"][1]["assignment"]["rejection_reason"] == "again"
        assert [(e["chore"]["id"], e["assignment"], e["assignment_id"]) for e in body["pool"]] == [(pool["id"], None, None)]
        assert body["total_count"] == 3

    def test_a_claim_hides_it_from_the_others(self, people):
        parent, first, second = people.family(children=2)
        pool = make_chore(parent)
        complete(first, pool)
        assert second.get("/chores/available").text == '{"assigned":[],"pool":[],"total_count":0}'
        parent.post(f"/chores/{pool['id']}/reject", {"rejection_reason": "no"})
        assert assert_answer(second.get("/chores/available"))["total_count"] == 1
        assert assert_answer(first.get("/chores/available"))["assigned"][0]["chore"]["id"] == pool["id"]

    def test_children_only(self, people):
        assert_refused(people.parent().get("/chores/available"), 403, "This endpoint is only for children users")


class TestPending:
    def test_longest_waiting_first(self, people):
        parent, co_parent, first, second = people.family(children=2, parents=2)
        both = make_chore(parent, first, second)
        other = make_chore(co_parent, first, is_disabled=False)
        order = [complete(second, both)["id"], complete(first, other)["id"], complete(first, both)["id"]]
        people.sql("UPDATE chores SET is_disabled = true WHERE id = %s", other["id"])
        for person in (parent, co_parent):
            body = assert_answer(person.get("/chores/pending-approval"))
            assert [e["assignment_id"] for e in body] == order
        entry = body[0]
        assert list(entry) == ["assignment", "assignment_id", "chore", "assignee", "assignee_name"]
        assert list(entry["assignment"]) == ASSIGNMENT_KEYS
        assert_chore(entry["chore"])
        assert len(entry["chore"]["assignments"]) == 2
        assert list(entry["assignee"]) == USER_KEYS
        assert entry["assignee_name"] == second.username

    def test_parents_only(self, people):
        _, child = people.family()
        assert_refused(child.get("/chores/pending-approval"), 403, "This endpoint is only for parent users")
        assert people.parent().get("/chores/pending-approval").text == "[]"
