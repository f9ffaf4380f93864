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
        for path in ("/chores/child/x", "/chores/child/x/completed"):
            assert faults(parent.get(path))[0][:2] == ("int_parsing", ["path", "child_id"])


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


class TestScopes:
    def test_without_a_family_a_parent_sees_its_own(self, people):
        single, other = people.parent(), people.parent()
        child = people.child(single)
        mine = make_chore(single, child)
        make_chore(other)
        assert ids(single.get("/chores")) == ids(child.get("/chores")) == [mine["id"]]
        complete(child, mine)
        assert [e["chore"]["id"] for e in assert_answer(single.get("/chores/pending-approval"))] == [mine["id"]]
        assert assert_answer(other.get("/chores/pending-approval")) == []
        assert ids(single.get(f"/chores/child/{child.id}")) == [mine["id"]]

    def test_chores_go_where_their_creator_goes(self, people):
        parent, co_parent, child = people.family(parents=2)
        (stranger,) = people.family(children=0)
        chore = make_chore(parent, child)
        complete(child, chore)
        people.sql("UPDATE users SET family_id = %s WHERE id = %s", stranger.family_id, parent.id)
        path = f"/chores/{chore['id']}"
        for person, may in ((parent, True), (stranger, True), (co_parent, False)):
            assert ids(person.get("/chores")) == [chore["id"]] * may
            assert len(assert_answer(person.get("/chores/pending-approval"))) == may
            assert person.get(path).status_code == (200 if may else 403)
        assert_refused(co_parent.put(path, {}), 403, "You can only update chores from your family")
        people.sql("UPDATE users SET family_id = NULL WHERE id = %s", parent.id)
        assert ids(parent.get("/chores")) == [chore["id"]]
        assert ids(co_parent.get("/chores")) == ids(stranger.get("/chores")) == []
        assert_refused(co_parent.put(path, {}), 403, "You can only update chores you created")
        assert_refused(co_parent.post(f"{path}/approve", {}), 403, "You can only approve assignments for chores you created")
        assert parent.get(path).status_code == 200

    def test_a_co_parents_child_is_ones_child_only_within_the_family(self, people):
        parent, co_parent, child = people.family(parents=2)
        chore = make_chore(co_parent, child)
        paths = (f"/chores?child_id={child.id}", f"/chores/child/{child.id}", f"/chores/child/{child.id}/completed")
        complete(child, chore)
        for path in paths:
            assert ids(parent.get(path)) == ids(co_parent.get(path)) == [chore["id"]]
        people.sql("UPDATE users SET family_id = NULL WHERE id = %s", child.id)
        for path in paths:  # the link is the first parent's
            assert ids(parent.get(path)) == [chore["id"]]
            assert_refused(co_parent.get(path), 404, NOT_MINE)

    def test_parents_are_no_children(self, people):
        parent, co_parent = people.family(children=0, parents=2)
        for person in (parent, co_parent):
            assert_refused(parent.get(f"/chores/child/{person.id}"), 404, NOT_MINE)
            assert_refused(parent.get(f"/chores?child_id={person.id}"), 404, NOT_MINE)

    def test_an_unknown_state_is_one_even_where_there_is_nothing(self, people):
        text = "Invalid state. Must be one of: active, completed, pending-approval"
        parent, child = people.family()
        for state in ("pending_approval", "COMPLETED", "active "):
            assert_refused(parent.get(f"/chores?state={state}"), 422, text)
            assert_refused(child.get(f"/chores?state={state}"), 422, text)
        for state in ("active", "completed", "pending-approval"):
            assert parent.get(f"/chores?state={state}").text == "[]"
            assert child.get(f"/chores?state={state}&child_id={parent.id}").text == "[]"


class TestOldRows:
    """A stored row that no rule allows today breaks nobody's list."""

    def test_they_are_shown_as_they_are(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child, is_range_reward=True, min_reward=1, max_reward=2)
        pool = make_chore(parent)
        for number in (chore["id"], pool["id"]):
            people.sql(
                "UPDATE chores SET title = '', description = repeat('x', 1001), reward = 5000.5, min_reward = -3,"
                " max_reward = -4, cooldown_days = -1, frequency = repeat('y', 50) WHERE id = %s", number)  # fmt: skip
        complete(child, chore)
        for person, path in (
            (parent, "/chores"), (child, "/chores"), (child, "/chores/available"), (parent, f"/chores/{chore['id']}"),
            (parent, "/chores/pending-approval"), (parent, f"/chores/child/{child.id}"), (parent, "/activities/recent"),
        ):  # fmt: skip
            answer = person.get(path)
            assert answer.status_code == 200
            if path != "/activities/recent":
                assert '{"title":"","description":"xxx' in answer.text
                assert '"reward":5000.5,"min_reward":-3.0,"max_reward":-4.0,' in answer.text

    def test_numbers_that_json_cannot_say(self, people):
        parent, child = people.family()
        for number in ("NaN", "Infinity", "-Infinity"):
            chore = make_chore(parent, child)
            people.sql("UPDATE chores SET reward = %s, max_reward = %s WHERE id = %s", number, number, chore["id"])
        for person in (parent, child):
            assert all(c["max_reward"] is None for c in assert_answer(person.get("/chores")))

    def test_moments_of_whole_seconds_have_no_fraction(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child)
        people.sql("UPDATE chores SET created_at = '2026-01-02 03:04:05.678901+02' WHERE id = %s", chore["id"])
        people.sql("UPDATE chore_assignments SET created_at = '2026-01-02 03:04:05+00' WHERE chore_id = %s", chore["id"])
        text = child.get("/chores").text
        assert '"creator_id":' + str(parent.id) + ',"created_at":"2026-01-02T01:04:05.678901Z"' in text
        assert '"rejection_reason":null,"created_at":"2026-01-02T03:04:05Z"' in text


class TestToTheByte:
    """Chores and assignments of every list, spelt out."""

    def chore(self, chore, assignments="", told=("null",) * 6):
        """A Chore that make_chore() made; ${told} of it by its review."""
        reward, reason, completed, approved, completed_at, approved_at = told
        return (
            '{"title":"Dishes","description":"All of them","reward":5.0,"min_reward":null,"max_reward":null,'
            f'"approval_reward":{reward},"rejection_reason":{reason},"is_range_reward":false,"cooldown_days":0,'
            f'"is_recurring":false,"frequency":null,"is_disabled":false,"id":{chore["id"]},'
            f'"assignment_mode":"{chore["assignment_mode"]}","creator_id":{chore["creator_id"]},'
            f'"created_at":"{chore["created_at"]}","updated_at":"{chore["updated_at"]}","is_completed":{completed},'
            f'"is_approved":{approved},"completed_at":{completed_at},"approved_at":{approved_at},'
            f'"assignments":[{assignments}]}}'
        )

    def assignment(self, a, reward="null", reason="null"):
        """An Assignment whose moments and flags are taken from ${a}."""
        moment = {key: "null" if a[key] is None else f'"{a[key]}"' for key in a}
        return (
            f'{{"id":{a["id"]},"chore_id":{a["chore_id"]},"assignee_id":{a["assignee_id"]},'
            f'"is_completed":{str(a["is_completed"]).lower()},"is_approved":{str(a["is_approved"]).lower()},'
            f'"completion_date":{moment["completion_date"]},"approval_date":{moment["approval_date"]},'
            f'"approval_reward":{reward},"rejection_reason":{reason},"created_at":{moment["created_at"]},'
            f'"updated_at":{moment["updated_at"]}}}'
        )

    def test_what_a_child_could_do(self, people):
        parent, child = people.family()
        own, pool = make_chore(parent, child), make_chore(parent)
        (given,) = own["assignments"]
        assert child.get("/chores/available").text == (
            f'{{"assigned":[{{"chore":{self.chore(own, self.assignment(given))},"assignment":{self.assignment(given)},'
            f'"assignment_id":{given["id"]}}}],"pool":[{{"chore":{self.chore(pool)},"assignment":null,'
            '"assignment_id":null}],"total_count":2}'
        )
        assert child.get("/chores").text == f"[{self.chore(own, self.assignment(given))}]"
        assert parent.get("/chores").text == f"[{self.chore(own, self.assignment(given))},{self.chore(pool)}]"
        assert parent.get(f"/chores/{pool['id']}").text == self.chore(pool)

    def test_what_waits(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child)
        done = self.assignment(complete(child, chore))
        assert parent.get("/chores/pending-approval").text == (
            f'[{{"assignment":{done},"assignment_id":{chore["assignments"][0]["id"]},'
            f'"chore":{self.chore(chore, done)},"assignee":{{"username":"{child.username}","is_parent":false,'
            f'"email":null,"id":{child.id},"is_active":true,"parent_id":{parent.id}}},'
            f'"assignee_name":"{child.username}"}}]'
        )

    def test_what_one_child_did(self, people):
        parent, child = people.family()
        approved, rejected = make_chore(parent, child), make_chore(parent, child)
        for chore in (approved, rejected):
            complete(child, chore)
        approve(parent, approved)
        parent.post(f"/chores/{rejected['id']}/reject", {"rejection_reason": 'no "way"'})
        ((done, paid),) = people.sql(
            "SELECT to_char(completion_date AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
            " to_char(approval_date AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
            " FROM chore_assignments WHERE chore_id = %s", approved["id"])  # fmt: skip
        told = ("5.0", "null", "true", "true", f'"{done}"', f'"{paid}"')
        first = self.chore(approved, told=told)
        second = self.chore(rejected, told=("null", '"no \\"way\\""', "false", "false", "null", "null"))
        assert parent.get(f"/chores/child/{child.id}").text == f"[{first},{second}]"
        assert parent.get(f"/chores/child/{child.id}/completed").text == f"[{first}]"
        assert parent.get(f"/chores?child_id={child.id}&state=active").text == f"[{second}]"
