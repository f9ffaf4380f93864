"""Families: made, joined, left, and what members see of them."""

import datetime
import re

import pytest

from support.answers import MOMENT, assert_answer, assert_refused, faults
from support.people import People, make_chore

CODE = re.compile(r"^(?=.*[A-Z])[A-Z0-9]{8}$")
PRIVILEGES = "This operation requires parent privileges"
MEMBERSHIP = "This operation requires family membership. Please create or join a family first."
ALREADY = "User is already a member of a family"
FAMILY_KEYS = ["name", "id", "invite_code", "invite_code_expires_at", "created_at", "updated_at"]


def family_of(people, person):
    return people.sql("SELECT family_id FROM users WHERE id = %s", person.id)[0][0]


def create(parent, **body):
    return assert_answer(parent.post("/families/create", body), 201)


class TestCreate:
    def test_it_is_shown_whole(self, people):
        parent = people.parent()
        before = people.server.metrics()("families_created_total")
        body = create(parent, name="Fam ünï")
        assert list(body) == FAMILY_KEYS
        assert (body["name"], body["invite_code_expires_at"]) == ("Fam ünï", None)
        assert CODE.match(body["invite_code"])
        assert MOMENT.match(body["created_at"])
        assert family_of(people, parent) == body["id"]
        assert people.server.metrics()("families_created_total") == before + 1

    def test_blanks_are_a_name(self, people):
        assert create(people.parent(), name="  ")["name"] == "  "
        assert len(create(people.parent(), name="ü" * 255)["name"]) == 255

    def test_codes_are_no_two_alike(self, people):
        assert len({create(people.parent())["invite_code"] for _ in range(20)}) == 20

    @pytest.mark.parametrize("body", [{}, {"name": None}, {"name": ""}])
    def test_without_a_name_it_has_its_founders(self, people, body):
        parent = people.parent()
        assert create(parent, **body)["name"] == f"{parent.username}'s Family"

    def test_own_children_without_a_family_come_along(self, people):
        parent = people.parent()
        child = people.child(parent)
        (other,) = people.family(children=0)
        elsewhere = people.child(parent, family_id=other.family_id)
        evil = people.parent(parent_id=parent.id)
        made = create(parent)
        assert family_of(people, child) == made["id"]
        assert family_of(people, elsewhere) == other.family_id
        assert family_of(people, evil) is None

    def test_checks_in_their_order(self, people):
        parent, child = people.family()
        single = people.parent()
        assert_refused(child.post("/families/create", [1]), 403, PRIVILEGES)
        assert faults(single.post("/families/create")) == [("missing", ["body"], "Field required")]
        assert faults(single.post("/families/create", {"name": "x" * 256}))[0][0] == "string_too_long"
        assert faults(parent.post("/families/create", [1]))[0][0] == "model_attributes_type"
        assert_refused(parent.post("/families/create", {}), 400, ALREADY)


class TestJoin:
    def test_the_joiner_and_its_children_enter(self, people):
        family = create(people.parent(), name="Fam ünï")
        joiner = people.parent()
        child = people.child(joiner)
        before = people.server.metrics()("family_joins_total")
        answer = joiner.post("/families/join", {"invite_code": family["invite_code"]})
        assert answer.text == (
            f'{{"success":true,"family_id":{family["id"]},"family_name":"Fam ünï",'
            '"message":"Successfully joined family"}'
        )
        assert family_of(people, joiner) == family_of(people, child) == family["id"]
        assert people.server.metrics()("family_joins_total") == before + 1

    def test_codes_are_checked(self, people):
        single = people.parent()

        def fault(code):
            return faults(single.post("/families/join", {"invite_code": code}))[0]

        assert fault("abcdefgh")[2] == "Value error, Invite code must be uppercase"
        assert fault("ABCD-FGH")[2] == "Value error, Invite code must contain only letters and numbers"
        assert fault("ABCDEFG")[2] == "String should have at least 8 characters"
        assert fault("ABCDEFGHI")[2] == "String should have at most 8 characters"
        assert fault(5)[0] == "string_type"
        assert faults(single.post("/families/join", {}))[0][0] == "missing"

    def test_every_code_that_looks_like_one_is_looked_up(self, people):
        single = people.parent()
        for code in ("ABCDEFGH", "00000000", "A1B2C3D4", "ÄÖÜÄÖÜÄÖ", "ΑΒΓΔΕΖΗΘ"):
            answer = single.post("/families/join", {"invite_code": code})
            assert_refused(answer, 404, "Invalid or expired invite code")

    def test_a_code_without_letters_opens_too(self, people):
        family = create(people.parent())
        people.sql("UPDATE families SET invite_code = '12345678' WHERE id = %s", family["id"])
        assert people.parent().post("/families/join", {"invite_code": "12345678"}).status_code == 200
        people.sql("UPDATE families SET invite_code = 'Z' || lpad(id::text, 7, '0') WHERE id = %s", family["id"])

    def test_a_code_opens_as_often_as_it_is_used(self, people):
        family = create(people.parent())
        for _ in range(3):
            assert people.parent().post("/families/join", {"invite_code": family["invite_code"]}).status_code == 200

    def test_only_the_joiners_own_children_without_a_family_come_along(self, people):
        family = create(people.parent())
        (other,) = people.family(children=0)
        joiner = people.parent()
        elsewhere = people.child(joiner, family_id=other.family_id)
        grown = people.parent(parent_id=joiner.id)
        strangers = people.child(people.parent())
        assert joiner.post("/families/join", {"invite_code": family["invite_code"]}).status_code == 200
        assert [family_of(people, p) for p in (elsewhere, grown, strangers)] == [other.family_id, None, None]

    def test_ones_own_family_is_a_family_too(self, people):
        parent = people.parent()
        code = create(parent)["invite_code"]
        before = people.server.metrics()("family_joins_total")
        assert_refused(parent.post("/families/join", {"invite_code": code}), 400, ALREADY)
        assert people.server.metrics()("family_joins_total") == before

    def test_unknown_and_expired_codes_open_nothing(self, people):
        family = create(people.parent())
        single = people.parent()
        text = "Invalid or expired invite code"
        for code in ("ZZZZZZZ0", "12345678"):
            assert_refused(single.post("/families/join", {"invite_code": code}), 404, text)
        people.sql(
            "UPDATE families SET invite_code_expires_at = now() - interval '1 s' WHERE id = %s", family["id"]
        )
        assert_refused(single.post("/families/join", {"invite_code": family["invite_code"]}), 404, text)

    def test_roles_and_membership(self, people):
        parent, child = people.family()
        assert_refused(child.post("/families/join", [1]), 403, PRIVILEGES)
        assert_refused(parent.post("/families/join", {"invite_code": "ABCDEFGH"}), 400, ALREADY)


@pytest.mark.parametrize("path", ["/families/invite-code/generate", "/families/invite-code"])
class TestInviteCode:
    def test_a_new_code_replaces_the_old(self, people, path):
        parent = people.parent()
        old = create(parent, name="Ours")["invite_code"]
        body = assert_answer(parent.post(path, {}))
        assert list(body) == ["invite_code", "expires_at", "family_name"]
        assert (body["expires_at"], body["family_name"]) == (None, "Ours")
        assert CODE.match(body["invite_code"])
        assert people.parent().post("/families/join", {"invite_code": old}).status_code == 404
        assert people.parent().post("/families/join", {"invite_code": body["invite_code"]}).status_code == 200

    @pytest.mark.parametrize("days", [7, "7", 7.0, True])
    def test_it_may_expire(self, people, path, days):
        parent = people.parent()
        create(parent)
        body = assert_answer(parent.post(path, {"expires_in_days": days}))
        assert MOMENT.match(body["expires_at"])
        context = assert_answer(parent.get("/families/context"))
        assert context["family"]["invite_code_expires_at"] == body["expires_at"]
        ((left,),) = people.sql(
            "SELECT extract(epoch FROM invite_code_expires_at - now())::float8 FROM families WHERE id = %s",
            context["family"]["id"],
        )
        assert abs(left - int(days) * 86400) < 60

    def test_checks_in_their_order(self, people, path):
        parent, child = people.family()
        assert_refused(people.parent().post(path, [1]), 403, MEMBERSHIP)
        assert faults(child.post(path, {"expires_in_days": 0})) == [
            ("greater_than_equal", ["body", "expires_in_days"], "Input should be greater than or equal to 1")
        ]
        assert faults(parent.post(path, {"expires_in_days": 366}))[0][0] == "less_than_equal"
        assert faults(parent.post(path, {"expires_in_days": 1.5}))[0][0] == "int_from_float"
        assert faults(parent.post(path))[0] == ("missing", ["body"], "Field required")
        assert_refused(child.post(path, {}), 403, "Only parents can generate invite codes")


class TestMembers:
    def test_emails_are_as_stored_and_the_inactive_are_there(self, people):
        parent, _ = people.family(children=0, parents=2)
        away = people.parent(parent.family_id, username=people.name("aaa"), email="Odd Address", is_active=False)
        body = assert_answer(parent.get("/families/members"))
        shown = body["parents"][0]
        assert (shown["id"], shown["email"], shown["is_active"]) == (away.id, "Odd Address", False)
        assert [p["username"] for p in body["parents"]] == sorted(p["username"] for p in body["parents"])
        people.sql("UPDATE users SET email = NULL WHERE id = %s", away.id)

    def test_a_family_may_have_no_name(self, people):
        parent, _ = people.family()
        people.sql("UPDATE families SET name = NULL WHERE id = %s", parent.family_id)
        assert assert_answer(parent.get("/families/members"))["family_name"] is None
        assert assert_answer(parent.get("/families/stats"))["name"] is None
        assert assert_answer(parent.get("/families/context"))["family"]["name"] is None
        assert assert_answer(parent.get("/users/stats"))["family_context"]["family_name"] is None
        assert assert_answer(parent.post("/families/invite-code", {}))["family_name"] is None

    def test_parents_and_children_by_name(self, people):
        parent, co_parent, first, second = people.family(children=2, parents=2)
        for person in (parent, first):
            body = assert_answer(person.get("/families/members"))
            assert list(body) == ["family_id", "family_name", "total_members", "parents", "children"]
            assert body["total_members"] == 4
            assert [p["id"] for p in body["parents"]] == [parent.id, co_parent.id]
            assert {c["id"] for c in body["children"]} == {first.id, second.id}
            member = body["parents"][0]
            assert list(member) == [
                "id", "username", "email", "is_parent", "is_active", "parent_id", "created_at", "joined_at",
            ]  # fmt: skip
            assert member["joined_at"] == member["created_at"]
        assert_refused(people.parent().get("/families/members"), 403, MEMBERSHIP)


class TestStats:
    def test_an_approval_counts_once(self, people):
        parent, child = people.family()
        done = make_chore(parent, child, reward=5.0)
        make_chore(parent, child)
        child.post(f"/chores/{done['id']}/complete")
        parent.post(f"/chores/{done['id']}/approve", {})
        body = assert_answer(child.get("/families/stats"))
        assert list(body) == [
            "family_id", "name", "invite_code", "created_at", "total_members", "total_parents",
            "total_children", "total_chores", "completed_chores", "approved_chores", "total_rewards_earned",
        ]  # fmt: skip
        assert list(body.values())[4:] == [2, 1, 1, 2, 1, 1, 5.0]
        assert body["invite_code"] == ""
        assert assert_answer(parent.get("/families/stats"))["invite_code"] != ""
        assert_refused(people.parent().get("/families/stats"), 403, MEMBERSHIP)


class TestContext:
    def test_an_expired_code_is_still_shown(self, people):
        parent, _ = people.family()
        people.sql("UPDATE families SET invite_code_expires_at = '2020-01-01' WHERE id = %s", parent.family_id)
        family = assert_answer(parent.get("/families/context"))["family"]
        assert family["invite_code"] != ""
        assert family["invite_code_expires_at"] == "2020-01-01T00:00:00Z"

    def test_of_members_and_others(self, people):
        parent, child = people.family()
        body = assert_answer(parent.get("/families/context"))
        assert list(body) == ["has_family", "family", "role", "can_invite", "can_manage"]
        assert list(body["family"]) == FAMILY_KEYS
        assert list(body.values())[2:] == ["parent", True, True]
        body = assert_answer(child.get("/families/context"))
        assert list(body.values())[2:] == ["child", False, False]
        assert body["family"]["invite_code"] == ""
        assert people.parent().get("/families/context").text == (
            '{"has_family":false,"family":null,"role":"no_family","can_invite":false,"can_manage":false}'
        )


class TestRemove:
    def remove(self, person, user_id, **body):
        return person.delete(f"/families/members/{user_id}", json={"user_id": user_id, **body})

    def test_a_member_leaves_and_keeps_its_parent(self, people):
        parent, child = people.family()
        answer = self.remove(parent, child.id, reason="moved")
        assert answer.text == (
            f'{{"success":true,"message":"User {child.id} successfully removed from family",'
            f'"removed_user_id":{child.id}}}'
        )
        assert people.sql("SELECT family_id, parent_id FROM users WHERE id = %s", child.id) == [(None, parent.id)]

    def test_a_parent_leaves_its_children_behind(self, people):
        parent, co_parent, child = people.family(parents=2)
        assert self.remove(co_parent, parent.id).status_code == 200
        assert people.sql("SELECT family_id, parent_id FROM users WHERE id = %s", child.id) == [(co_parent.family_id, parent.id)]
        assert parent.get("/families/context").json()["role"] == "no_family"
        assert parent.post("/families/create", {}).status_code == 201

    def test_a_parent_may_remove_itself(self, people):
        parent, co_parent = people.family(children=0, parents=2)
        assert self.remove(parent, parent.id).status_code == 200
        assert_refused(self.remove(co_parent, co_parent.id), 400, "Cannot remove the last parent from a family")

    def test_the_last_parents_children_may_go(self, people):
        parent, child = people.family()
        assert self.remove(parent, child.id, reason=None).status_code == 200
        assert_refused(self.remove(parent, child.id), 400, "User is not a member of this family")

    def test_checks_in_their_order(self, people):
        parent, child = people.family()
        stranger = people.parent()
        assert_refused(self.remove(stranger, child.id), 403, MEMBERSHIP)
        assert faults(self.remove(child, child.id, reason="x" * 501))[0][0] == "string_too_long"
        answer = parent.delete("/families/members/abc", json={"reason": "x" * 501})
        assert [f[:2] for f in faults(answer)] == [
            ("int_parsing", ["path", "user_id"]),
            ("missing", ["body", "user_id"]),
            ("string_too_long", ["body", "reason"]),
        ]
        assert faults(parent.delete(f"/families/members/{child.id}"))[0] == ("missing", ["body"], "Field required")
        assert_refused(self.remove(child, child.id), 403, "Only parents can remove family members")
        answer = parent.delete("/families/members/1", json={"user_id": 2})
        assert_refused(answer, 400, "User ID in path must match user ID in request body")
        assert_refused(self.remove(parent, 2147483648), 404, "User with ID 2147483648 not found")
        assert_refused(self.remove(parent, stranger.id), 400, "User is not a member of this family")
        assert_refused(self.remove(parent, parent.id), 400, "Cannot remove the last parent from a family")

    def test_an_inactive_parent_is_not_the_other_parent(self, people):
        parent, other = people.family(children=0, parents=2)
        people.sql("UPDATE users SET is_active = false WHERE id = %s", other.id)
        assert_refused(self.remove(parent, parent.id), 400, "Cannot remove the last parent from a family")
        assert self.remove(parent, other.id).status_code == 200

    def test_the_web_clients_path_does_the_same(self, people):
        parent, child = people.family()
        answer = parent.post("/families/remove-member", {"user_id": child.id, "reason": "moved"})
        assert assert_answer(answer)["removed_user_id"] == child.id
        remove = "/families/remove-member"
        assert faults(parent.post(remove, {}))[0] == ("missing", ["body", "user_id"], "Field required")
        assert_refused(parent.post(remove, {"user_id": 2147483648}), 404, "User with ID 2147483648 not found")
        assert_refused(parent.post(remove, {"user_id": child.id}), 400, "User is not a member of this family")
        assert_refused(parent.post(remove, {"user_id": parent.id}), 400, "Cannot remove the last parent from a family")


class TestLeave:
    def test_everybody_but_the_last_parent_may(self, people):
        parent, co_parent, child = people.family(parents=2)
        for person in (child, co_parent):
            assert assert_answer(person.delete("/families/leave"))["removed_user_id"] == person.id
            assert family_of(people, person) is None
        assert_refused(parent.delete("/families/leave"), 400, "Cannot remove the last parent from a family")
        assert_refused(child.delete("/families/leave"), 403, MEMBERSHIP)


class TestCleanup:
    @pytest.mark.parametrize(
        ("method", "path"), [("POST", "/families/admin/cleanup-invite-codes"), ("GET", "/families/cleanup-codes")]
    )
    def test_it_renews_the_callers_expired_code_only(self, people, method, path):
        parent, child = people.family()
        other, _ = people.family()
        people.sql(
            "UPDATE families SET invite_code_expires_at = now() - interval '1 day' WHERE id = ANY(%s)",
            [parent.family_id, other.family_id],
        )
        old = people.sql("SELECT id, invite_code FROM families WHERE id = ANY(%s)", [parent.family_id, other.family_id])
        answer = parent.client.api(path, method)
        assert answer.text == '{"cleaned_count":1,"message":"Successfully regenerated 1 expired invite codes"}'
        new = dict(people.sql("SELECT id, invite_code FROM families WHERE id = ANY(%s)", [parent.family_id, other.family_id]))
        assert {i: new[i] == code for i, code in old} == {parent.family_id: False, other.family_id: True}
        assert parent.client.api(path, method).json()["cleaned_count"] == 0
        assert_refused(child.client.api(path, method), 403, PRIVILEGES)
        assert people.parent().client.api(path, method).json()["cleaned_count"] == 0


def test_a_database_in_another_zone_changes_no_moment(cluster, start_server):
    url = cluster.create()
    name = url.rsplit("/", 1)[1]
    with cluster.connect() as connection:
        connection.execute(f"ALTER DATABASE {name} SET timezone = 'America/New_York'")
    server = start_server(url)
    people = People(server)
    parent = people.parent()
    create(parent)
    expires = assert_answer(parent.post("/families/invite-code/generate", {"expires_in_days": 1}))["expires_at"]
    hours = (datetime.datetime.fromisoformat(expires) - datetime.datetime.now(datetime.UTC)).total_seconds() / 3600
    assert abs(hours - 24) < 0.1
    assert assert_answer(parent.get("/families/context"))["family"]["invite_code_expires_at"] == expires
    people.close()
