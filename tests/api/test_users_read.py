"""Who one is, and whom one may see."""

from support.answers import OFFSET, USER_KEYS, assert_answer, assert_refused, faults
from support.people import make_chore


def ids(answer):
    return [user["id"] for user in assert_answer(answer)]


class TestMe:
    def test_both_roles_see_themselves(self, people):
        parent, child = people.family()
        for person in (parent, child):
            body = assert_answer(person.get("/users/me"))
            assert list(body) == USER_KEYS
            assert body == {key: getattr(person, key) for key in USER_KEYS}

    def test_the_domain_of_an_old_address_is_shown_in_lower_case(self, people):
        parent = people.parent(email="Old.Name@Example.COM")
        assert assert_answer(parent.get("/users/me"))["email"] == "Old.Name@example.com"
        people.sql("UPDATE users SET email = NULL WHERE id = %s", parent.id)

    def test_what_no_rule_allows_today_is_shown_all_the_same(self, people):
        parent = people.parent(username="ab", email="not an email")
        assert assert_answer(parent.get("/users/me"))["email"] == "not an email"
        people.sql("UPDATE users SET username = 'ab' || id, email = NULL WHERE id = %s", parent.id)


class TestList:
    def test_a_parent_sees_its_family_and_its_children(self, people):
        parent, co_parent, child = people.family(parents=2)
        outside = people.child(parent, family_id=None)
        people.family()
        assert ids(parent.get("/users/")) == sorted([parent.id, co_parent.id, child.id, outside.id])
        assert ids(parent.get("/users/?skip=1&limit=2")) == [co_parent.id, child.id]
        assert ids(parent.get("/users/?limit=0")) == []
        assert ids(parent.get("/users/?skip=99999999999999999999")) == []

    def test_a_child_sees_itself(self, people):
        _, child, _ = people.family(children=2)
        assert ids(child.get("/users/")) == [child.id]

    def test_nobody_sees_nobody(self, client):
        assert_refused(client.get_api("/users/"), 401, "Not authenticated")

    def test_pages_are_checked(self, people):
        answer = people.parent().get("/users/?skip=-1&limit=x")
        assert faults(answer) == [
            ("greater_than_equal", ["query", "skip"], "Input should be greater than or equal to 0"),
            ("int_parsing", ["query", "limit"], "Input should be a valid integer, unable to parse string as an integer"),
        ]


class TestChildrenOfAParent:
    def test_they_are_its_own_or_its_familys(self, people):
        parent, co_parent, first, second = people.family(children=2, parents=2)
        stranger = people.parent()
        path = f"/users/children/{parent.id}"
        assert ids(parent.get(path)) == [first.id, second.id]
        assert ids(co_parent.get(path)) == [first.id, second.id]
        assert ids(stranger.get(path)) == []
        assert ids(first.get(path)) == []
        assert ids(parent.get("/users/children/2147483648")) == []
        assert ids(parent.get("/users/children/-1")) == []

    def test_an_inactive_parents_children_are_still_there(self, people):
        parent, co_parent, child = people.family(parents=2)
        people.sql("UPDATE users SET is_active = false WHERE id = %s", parent.id)
        assert ids(co_parent.get(f"/users/children/{parent.id}")) == [child.id]
        assert ids(co_parent.get(f"/users/children/{child.id}")) == []

    def test_the_path_is_checked(self, people):
        assert faults(people.parent().get("/users/children/abc"))[0][:2] == ("int_parsing", ["path", "parent_id"])

    def test_a_token_is_needed(self, client):
        assert_refused(client.get_api("/users/children/1"), 401, "Not authenticated")


class TestMyChildren:
    def test_of_a_family_by_name_with_their_chores(self, people):
        parent, _ = people.family()
        last = people.child(parent, username=people.name("zzz"))
        first = people.child(parent, username=people.name("aaa"))
        chore = make_chore(parent, first, is_range_reward=True, min_reward=1, max_reward=2)
        for path in ("/users/my-children", "/users/my-family-children"):
            body = assert_answer(parent.get(path))
            assert [list(user) for user in body] == [[*USER_KEYS, "chores"]] * 3
            assert [user["username"] for user in body] == sorted(user["username"] for user in body)
            by_id = {user["id"]: user["chores"] for user in body}
            assert by_id[last.id] == []
            assert by_id[first.id] == [
                {"id": chore["assignments"][0]["id"], "chore_id": chore["id"], "chore_title": "Dishes",
                 "reward": chore["reward"], "is_completed": False, "is_approved": False}
            ]  # fmt: skip

    def test_without_a_family_by_id(self, people):
        parent = people.parent()
        children = [people.child(parent, username=people.name(n)) for n in ("zz", "aa")]
        assert ids(parent.get("/users/my-children")) == [child.id for child in children]

    def test_children_have_none(self, people):
        _, child = people.family()
        assert_refused(child.get("/users/my-children"), 403, "Only parents can list their children")
        assert_refused(
            child.get("/users/my-family-children"), 403, "Only parents can access children information"
        )


class TestTheirChores:
    """Of my-children and my-family-children, which are one."""

    def chores(self, parent, child):
        bodies = [assert_answer(parent.get(f"/users/{path}")) for path in ("my-children", "my-family-children")]
        assert bodies[0] == bodies[1]
        return {user["id"]: user["chores"] for user in bodies[0]}[child.id]

    def test_are_all_assignments_by_id(self, people):
        parent, child = people.family()
        chores = [make_chore(parent, child, title=f"T{n}") for n in range(3)]
        parent.post(f"/chores/{chores[1]['id']}/disable")
        for chore in chores[:2]:
            people.sql("UPDATE chore_assignments SET is_completed = true WHERE chore_id = %s", chore["id"])
        shown = self.chores(parent, child)
        assert [chore["chore_title"] for chore in shown] == ["T0", "T1", "T2"]
        assert [chore["id"] for chore in shown] == sorted(chore["id"] for chore in shown)
        assert [chore["is_completed"] for chore in shown] == [True, True, False]

    def test_an_approved_reward_counts_even_if_it_is_nothing(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child, reward=5.0)
        assert self.chores(parent, child)[0]["reward"] == 5.0
        people.sql("UPDATE chore_assignments SET approval_reward = 0, is_approved = true WHERE chore_id = %s", chore["id"])
        assert self.chores(parent, child)[0]["reward"] == 0.0
        people.sql("UPDATE chore_assignments SET approval_reward = 2.25 WHERE chore_id = %s", chore["id"])
        assert self.chores(parent, child)[0]["reward"] == 2.25

    def test_children_are_of_the_family_or_linked_and_may_be_inactive(self, people):
        parent, co_parent, child = people.family(parents=2)
        linked = people.child(parent, family_id=None)
        away = people.child(co_parent, is_active=False)
        people.family()
        for path in ("my-children", "my-family-children", "allowance-summary"):
            expected = sorted((child, linked, away), key=lambda c: c.username)
            assert ids(parent.get(f"/users/{path}")) == [c.id for c in expected]
            assert ids(co_parent.get(f"/users/{path}")) == [c.id for c in expected if c is not linked]

    def test_nobody_has_none(self, people):
        for path in ("my-children", "my-family-children", "allowance-summary"):
            assert people.parent().get(f"/users/{path}").text == "[]"


class TestBalance:
    def test_zeros_are_floats(self, people):
        _, child = people.family()
        assert child.get("/users/me/balance").text == (
            '{"balance":0.0,"total_earned":0.0,"adjustments":0.0,"paid_out":0.0,"pending_chores_value":0.0}'
        )

    def test_an_approval_counts_once(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child, reward=5.0)
        waiting = make_chore(parent, child, reward=2.5)
        for made in (chore, waiting):
            assert child.post(f"/chores/{made['id']}/complete").status_code == 200
        assert parent.post(f"/chores/{chore['id']}/approve", {}).status_code == 200
        body = {"child_id": child.id, "amount": "-1.25", "reason": "window"}
        assert parent.post("/adjustments/", body).status_code == 201
        assert child.get("/users/me/balance").text == (
            '{"balance":3.75,"total_earned":5.0,"adjustments":-1.25,"paid_out":0.0,"pending_chores_value":2.5}'
        )
        assert parent.get("/users/allowance-summary").text == (
            f'[{{"id":{child.id},"username":"{child.username}","completed_chores":1,"total_earned":5.0,'
            '"total_adjustments":-1.25,"paid_out":0.0,"balance_due":3.75}]'
        )

    def test_roles(self, people):
        parent, child = people.family()
        assert_refused(
            parent.get("/users/me/balance"), 403, "Parents should use /api/v1/users/summary endpoint"
        )
        assert_refused(
            child.get("/users/allowance-summary"), 403, "Only parents can access allowance summary"
        )


class TestStats:
    def test_of_a_family(self, people):
        parent, child = people.family()
        body = assert_answer(parent.get("/users/stats"))
        assert list(body) == ["user", "family_context", "children_count", "family_members_count"]
        assert list(body["user"]) == ["id", "username", "is_parent", "is_active", "created_at"]
        assert OFFSET.match(body["user"]["created_at"])
        assert list(body["family_context"]) == ["family_id", "family_name", "invite_code"]
        assert (body["children_count"], body["family_members_count"]) == (1, 2)
        assert body["family_context"]["invite_code"] != ""
        assert assert_answer(child.get("/users/stats"))["family_context"]["invite_code"] == ""

    def test_without_one(self, people):
        parent = people.parent()
        child = people.child(parent)
        body = assert_answer(parent.get("/users/stats"))
        assert (body["family_context"], body["children_count"], body["family_members_count"]) == (None, 1, 0)
        body = assert_answer(child.get("/users/stats"))
        assert (body["family_context"], body["children_count"], body["family_members_count"]) == (None, 0, 0)


class TestRegistrationStatus:
    def test_it_keeps_the_codes_to_itself(self, people):
        _, child = people.family()
        assert child.get("/users/admin/registration-status").text == (
            '{"registration_restricted":true,"valid_codes_count":3,"valid_codes":[],'
            '"message":"Registration codes are currently required for parent accounts"}'
        )
