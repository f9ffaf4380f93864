"""Parents set their children's passwords."""

import pytest

from support.answers import USER_KEYS, assert_answer, assert_refused, faults

NEW = "new-password"


def as_json(person, child_id, password=NEW):
    return person.post(f"/users/children/{child_id}/reset-password", password)


def as_form(person, child_id, password=NEW):
    return person.post(
        f"/users/html/children/{child_id}/reset-password", data={"new_password": password}
    )


BOTH = pytest.mark.parametrize("reset", [as_json, as_form])


class TestWho:
    @BOTH
    def test_may(self, people, reset):
        parent, co_parent, child = people.family(parents=2)
        for person in (parent, co_parent):
            assert reset(person, child.id).status_code == 200
        assert people.log_in(child.username, NEW).status_code == 200
        assert people.log_in(child.username).status_code == 401

    @BOTH
    def test_may_not(self, people, reset):
        parent, child, sibling = people.family(children=2)
        stranger = people.parent()
        cases = [
            (child, sibling.id, 403, "Only parents can reset passwords"),
            (child, 999999, 403, "Only parents can reset passwords"),
            (parent, 999999, 404, "Child not found"),
            (parent, 2147483648, 404, "Child not found"),
            (parent, -1, 404, "Child not found"),
            (parent, parent.id, 403, "Cannot reset password for a parent account"),
            (parent, stranger.id, 403, "Cannot reset password for a parent account"),
            (stranger, child.id, 403, "You can only reset passwords for your own children"),
        ]
        for person, child_id, status, text in cases:
            assert_refused(reset(person, child_id), status, text)
        assert people.log_in(child.username).status_code == 200


class TestJson:
    def test_it_answers_with_the_child(self, people):
        parent, child = people.family()
        body = assert_answer(as_json(parent, child.id, "abcd"))
        assert list(body) == USER_KEYS
        assert body["id"] == child.id

    def test_faults_are_told_without_the_password(self, people):
        parent, child = people.family()
        path = f"/users/children/{child.id}/reset-password"
        cases = [
            ("abc", "string_too_short"),
            (5, "string_type"),
            ({"new_password": "abcdef"}, "string_type"),
        ]
        for body, kind in cases:
            answer = parent.post(path, body)
            assert [f[:2] for f in faults(answer)] == [(kind, ["body"])]
            assert answer.json()["detail"][0]["input"] == "***"
        assert faults(parent.post(path)) == [("missing", ["body"], "Field required")]
        answer = parent.post("/users/children/abc/reset-password", "abc")
        assert [f[:2] for f in faults(answer)] == [
            ("int_parsing", ["path", "child_id"]),
            ("string_too_short", ["body"]),
        ]

    def test_a_form_is_no_string(self, people):
        parent, child = people.family()
        answer = parent.post(
            f"/users/children/{child.id}/reset-password", data={"new_password": "abcdef"}
        )
        assert answer.json()["detail"] == [
            {"type": "string_type", "loc": ["body"], "msg": "Input should be a valid string", "input": "***"}
        ]

    def test_a_body_without_a_type_is_json(self, people):
        parent, child = people.family()
        answer = parent.post(f"/users/children/{child.id}/reset-password", content=b'"untyped"')
        assert answer.status_code == 200
        assert people.log_in(child.username, "untyped").status_code == 200

    def test_what_bcrypt_cannot_take_is_refused(self, people):
        parent, child = people.family()
        assert_refused(as_json(parent, child.id, "x" * 73), 422, "Password must be at most 72 bytes long")
        assert_refused(
            as_json(parent, child.id, "pass\0word"), 422, "bcrypt does not allow NULL bytes in password"
        )


class TestForm:
    def test_it_says_so_for_a_page(self, people):
        parent, child = people.family()
        answer = as_form(parent, child.id)
        name = child.username
        assert answer.text == (
            f'{{"success":true,"message":"Password reset successfully for user {name}","username":"{name}"}}'
        )

    def test_the_length_comes_last(self, people):
        parent, child = people.family()
        stranger = people.parent()
        assert_refused(as_form(stranger, child.id, "abc"), 403, "You can only reset passwords for your own children")
        answer = as_form(parent, child.id, "abc")
        assert answer.status_code == 422
        assert answer.text == '{"success":false,"error":"Password must be at least 4 characters long"}'

    def test_the_field_is_needed(self, people):
        parent, child = people.family()
        answer = parent.post(f"/users/html/children/{child.id}/reset-password", data={})
        assert faults(answer) == [("missing", ["body", "new_password"], "Field required")]


class TestOrder:
    def test_of_json(self, people):
        parent, child = people.family()
        assert [f[0] for f in faults(as_json(child, child.id, "abc"))] == ["string_too_short"]
        assert_refused(as_json(child, child.id, "x" * 73), 403, "Only parents can reset passwords")
        assert_refused(as_json(parent, 999999, "x" * 73), 404, "Child not found")
        assert_refused(as_json(parent, parent.id, "x" * 73), 403, "Cannot reset password for a parent account")
        stranger = people.parent()
        assert_refused(as_json(stranger, child.id, "x" * 73), 403, "You can only reset passwords for your own children")
        assert_refused(as_json(parent, child.id, "x" * 73), 422, "Password must be at most 72 bytes long")

    def test_of_the_form(self, people):
        parent, child = people.family()
        answer = parent.post("/users/html/children/abc/reset-password", data={})
        assert [f[:2] for f in faults(answer)] == [("int_parsing", ["path", "child_id"]), ("missing", ["body", "new_password"])]
        assert_refused(as_form(child, child.id, "abc"), 403, "Only parents can reset passwords")
        assert_refused(as_form(parent, 999999, "abc"), 404, "Child not found")
        assert_refused(as_form(parent, parent.id, "abc"), 403, "Cannot reset password for a parent account")

    @pytest.mark.parametrize(
        ("password", "text"),
        [("abc", "Password must be at least 4 characters long"), ("x" * 73, "Password must be at most 72 bytes long"),
         ("abc\0def", "bcrypt does not allow NULL bytes in password")],
    )  # fmt: skip
    def test_the_form_says_what_is_wrong_as_a_page_does(self, people, password, text):
        parent, child = people.family()
        answer = as_form(parent, child.id, password)
        assert (answer.status_code, answer.text) == (422, f'{{"success":false,"error":"{text}"}}')
        assert people.log_in(child.username).status_code == 200


@BOTH
def test_four_characters_will_do_and_every_word_of_mouth(people, reset):
    parent, child = people.family()
    for password in ("😀" * 4, " " * 4, "é" * 36, "+&=%;x"):
        assert reset(parent, child.id, password).status_code == 200
        assert people.log_in(child.username, password).status_code == 200


def test_children_outside_of_the_family_are_ones_own_too(people):
    parent, _ = people.family()
    own = people.child(parent, family_id=None)
    away = people.child(parent, is_active=False)
    for child in (own, away):
        assert as_json(parent, child.id).status_code == 200


def test_the_row_says_when(people):
    parent, child = people.family()
    people.sql("UPDATE users SET created_at = '2020-01-01' WHERE id = %s", child.id)
    ((old,),) = people.sql("SELECT hashed_password FROM users WHERE id = %s", child.id)
    assert as_json(parent, child.id).status_code == 200
    ((new, recent),) = people.sql("SELECT hashed_password, updated_at > now() - interval '1 minute' FROM users WHERE id = %s", child.id)
    assert new != old
    assert new.startswith("$2b$12$")
    assert recent


def test_old_tokens_stay_valid(people):
    parent, child = people.family()
    assert as_json(parent, child.id).status_code == 200
    assert child.get("/users/me").status_code == 200
