"""Accounts: parents register, parents make children."""

import pytest

from support.answers import OFFSET, USER_KEYS, assert_answer, assert_refused, faults
from support.people import PASSWORD, REGISTRATION_CODE, token_for

INVALID_CODE = "Invalid registration code. Please contact admin for a valid beta code."


class TestRegister:
    def test_a_parent_is_shown_without_the_hash(self, people):
        name = people.name("mum")
        answer = people.register(name, email="Mum.Two@Example.COM")
        body = assert_answer(answer, 201)
        assert list(body) == [
            "username", "is_active", "parent_id", "created_at", "id", "email", "is_parent",
            "family_id", "updated_at",
        ]  # fmt: skip
        assert OFFSET.match(body["created_at"])
        assert body["updated_at"] == body["created_at"]
        assert (body["username"], body["email"]) == (name, "Mum.Two@example.com")
        assert (body["is_active"], body["is_parent"]) == (True, True)
        assert (body["parent_id"], body["family_id"]) == (None, None)
        people.sql("DELETE FROM users WHERE id = %s", body["id"])

    def test_the_hash_is_bcrypt_at_cost_12(self, people):
        user = assert_answer(people.register(), 201)
        ((stored,),) = people.sql("SELECT hashed_password FROM users WHERE id = %s", user["id"])
        assert stored.startswith("$2b$12$")
        assert len(stored) == 60

    def test_missing_fields_are_all_named(self, client):
        answer = client.post("/api/v1/users/register", data={"email": ""})
        assert answer.text == (
            '{"detail":['
            '{"type":"missing","loc":["body","username"],"msg":"Field required","input":null},'
            '{"type":"missing","loc":["body","password"],"msg":"Field required","input":null},'
            '{"type":"missing","loc":["body","is_parent"],"msg":"Field required","input":null}]}'
        )
        assert answer.status_code == 422

    @pytest.mark.parametrize(
        ("fields", "status", "text"),
        [
            ({"registration_code": None}, 422, "Registration code is required during beta period"),
            ({"registration_code": " \t"}, 422, "Registration code cannot be empty"),
            ({"registration_code": "\x1c\u3000"}, 422, "Registration code cannot be empty"),
            ({"registration_code": "NOPE"}, 422, INVALID_CODE),
            ({"registration_code": "BETA2024\0"}, 422, INVALID_CODE),
            ({"email": "nul@example.com\0"}, 422, "Invalid email format"),
            ({"parent_id": "1\0"}, 422, "Parent ID must be a valid integer"),
            ({"email": None}, 422, "Email is required for parent accounts"),
            ({"email": "x"}, 422, "Invalid email format"),
            ({"email": "a b@c.de"}, 422, "Invalid email format"),
            ({"email": "spec@foo.test"}, 422, "Invalid email format"),
            ({"email": "a..b@c.de"}, 422, "Invalid email format"),
            ({"password": "1234567"}, 422, "Password must be at least 8 characters long"),
            ({"parent_id": "1.0"}, 422, "Parent ID must be a valid integer"),
            ({"parent_id": "x"}, 422, "Parent ID must be a valid integer"),
            ({"username": "ab"}, 422, "Username must be between 3 and 50 characters long"),
            ({"username": "x" * 51}, 422, "Username must be between 3 and 50 characters long"),
            ({"password": "p" * 73}, 422, "Password must be at most 72 bytes long"),
            ({"password": "pass\0word"}, 422, "bcrypt does not allow NULL bytes in password"),
        ],
    )
    def test_a_parent_is_refused(self, people, fields, status, text):
        assert_refused(people.register(**fields), status, text)

    def test_the_first_check_that_fails_answers(self, people):
        wrong = {"registration_code": "NOPE", "email": "x", "password": "short", "parent_id": "x"}
        cures = [
            (INVALID_CODE, "registration_code", REGISTRATION_CODE),
            ("Invalid email format", "email", "order@example.com"),
            ("Password must be at least 8 characters long", "password", PASSWORD),
            ("Parent ID must be a valid integer", "parent_id", "0"),
        ]
        for text, field, cure in cures:
            assert_refused(people.register(**wrong), 422, text)
            wrong[field] = cure
        assert_answer(people.register(**wrong), 201)

    def test_rules_that_the_original_lacked_come_last(self, people):
        """And of those the name's before the password's."""
        wrong = {"parent_id": "x", "username": "ab", "password": "p" * 70 + "é\0"}
        assert_refused(people.register(**wrong), 422, "Parent ID must be a valid integer")
        del wrong["parent_id"]
        assert_refused(people.register(**wrong), 422, "Username must be between 3 and 50 characters long")
        wrong["username"] = people.name("last")
        assert_refused(people.register(**wrong), 422, "bcrypt does not allow NULL bytes in password")
        wrong["password"] = "p" * 71 + "é"
        assert_refused(people.register(**wrong), 422, "Password must be at most 72 bytes long")
        wrong["password"] = "p" * 70 + "é"
        assert_answer(people.register(**wrong), 201)

    @pytest.mark.parametrize("spelling", ["0", " +12 ", "1_0", "\u0661\u0662", "-5", "99999999999999999999"])
    def test_integers_are_of_many_spellings(self, people, spelling):
        user = assert_answer(people.register(parent_id=spelling), 201)
        assert user["parent_id"] is None

    @pytest.mark.parametrize("spelling", ["1.0", "1__0", "_1", "0x1", "one", "1 2", "+", "1e3", "\x1c7\x1f"])
    def test_and_of_many_they_are_not(self, people, spelling):
        assert_refused(people.register(parent_id=spelling), 422, "Parent ID must be a valid integer")

    def test_lengths_are_of_characters(self, people):
        short, long = people.name("ü")[:1] + "ö😀", "😀" * 41 + people.name("n").rjust(9, "x")
        assert len(long) == 50
        assert_answer(people.register(short, email="short-name@example.com"), 201)
        assert_answer(people.register(long, email="long-name@example.com"), 201)
        assert_answer(people.register(password="é" * 8), 201)
        assert_refused(people.register(password="é" * 7), 422, "Password must be at least 8 characters long")
        people.sql("DELETE FROM users WHERE username = ANY(%s)", [short, long])

    def test_nul_fits_into_no_column(self, people):
        answer = people.register(username="abc\0def")
        assert faults(answer) == [("value_error", ["body", "username"], "Value error, NUL characters are not allowed")]

    @pytest.mark.parametrize("email", ["a@b.example.com\n", "ü@example.com", "'a@example.com", "a@example.com ", "<a@example.com>", "+@-.-", "a@b", "@b.co"])
    def test_addresses_of_forms_are_plain_ones(self, people, email):
        assert_refused(people.register(email=email), 422, "Invalid email format")

    @pytest.mark.parametrize("code", ["beta2024", " BETA2024 ", "\x1cbeta2024\x1f", "Family_Trial"])
    def test_codes_are_trimmed_and_of_any_case(self, people, code):
        assert people.register(registration_code=code).status_code == 201

    def test_names_and_addresses_are_taken_once(self, people):
        first = people.name("taken")
        assert people.register(first).status_code == 201
        assert_refused(people.register(first, email="other@example.com"), 400, "Username already taken")
        assert_refused(
            people.register(email=f"{first}@EXAMPLE.com"), 400, "Email already registered"
        )
        assert people.register(first.upper()).status_code == 400  # by its address
        assert people.register(first.upper(), email="upper@example.com").status_code == 201

    def test_is_parent_is_true_in_any_case_and_nothing_else(self, people):
        assert people.register(is_parent="TRUE").status_code == 201
        for word in ("yes", "1", " true", "true\0"):
            assert_refused(
                people.register(is_parent=word), 422, "Parent ID is required for child accounts"
            )

    def test_a_parents_parent_id_is_ignored(self, people):
        victim = people.parent()
        user = assert_answer(people.register(parent_id=str(victim.id)), 201)
        assert user["parent_id"] is None

    def test_multipart_forms_are_read_too(self, people, client):
        name = people.name("multi")
        fields = {
            "username": name, "password": PASSWORD, "is_parent": "true",
            "email": f"{name}@example.com", "registration_code": REGISTRATION_CODE,
        }  # fmt: skip
        answer = client.post(
            "/api/v1/users/register", files={k: (None, v) for k, v in fields.items()}
        )
        assert assert_answer(answer, 201)["username"] == name


class TestRegisterAChild:
    def register(self, people, person=None, header=None, **fields):
        name = people.name("kid")
        form = {"username": name, "password": PASSWORD, "is_parent": "false", **fields}
        headers = {"Authorization": header or f"Bearer {person.token}"} if person else {}
        with people.server.client() as client:
            return client.post("/api/v1/users/register", data=form, headers=headers)

    def test_its_parents_token_registers_it(self, people):
        (parent,) = people.family(children=0)
        user = assert_answer(self.register(people, parent), 201)
        assert (user["is_parent"], user["parent_id"], user["family_id"]) == (False, parent.id, None)
        assert self.register(people, parent, parent_id=str(parent.id)).status_code == 201
        assert self.register(people, parent, parent_id="0").status_code == 201

    def test_nobody_else_does(self, people):
        parent, child = people.family()
        other = people.parent()
        away = people.parent(is_active=False)
        text = "Parent ID is required for child accounts"
        assert_refused(self.register(people, parent_id=str(parent.id)), 422, text)
        assert_refused(self.register(people), 422, text)
        assert_refused(self.register(people, other, parent_id=str(parent.id)), 422, text)
        assert_refused(self.register(people, child), 422, text)
        assert_refused(self.register(people, away), 422, text)
        assert_refused(self.register(people, parent, header=f"bearer {parent.token}"), 422, text)
        assert_refused(self.register(people, parent, header="Bearer x"), 422, text)

    def test_its_address_is_checked_and_normalised(self, people):
        parent = people.parent()
        assert_refused(self.register(people, parent, email="not an email"), 422, "Invalid email format")
        name = people.name("kid")
        user = assert_answer(self.register(people, parent, email=f" K <{name}@EXAMPLE.com> "), 201)
        assert user["email"] == f"{name}@example.com"
        assert_refused(self.register(people, parent, email=f"{name}@Example.com"), 400, "Email already registered")
        assert_refused(self.register(people, parent, username=user["username"]), 400, "Username already taken")

    def test_checks_in_their_order(self, people):
        parent = people.parent()
        wrong = {"email": "x", "password": "short", "parent_id": "x", "username": "ab", "registration_code": "NOPE"}
        cures = [
            ("Invalid email format", "email", ""),
            ("Password must be at least 8 characters long", "password", "p" * 73),
            ("Parent ID must be a valid integer", "parent_id", "999999"),
            ("Username must be between 3 and 50 characters long", "username", parent.username),
            ("Password must be at most 72 bytes long", "password", PASSWORD),
            ("Parent ID is required for child accounts", "parent_id", str(parent.id)),
        ]
        for text, field, cure in cures:
            assert_refused(self.register(people, parent, **wrong), 422, text)
            wrong[field] = cure
        assert_refused(self.register(people, parent, **wrong), 400, "Username already taken")
        wrong["username"] = people.name("kid")
        assert_answer(self.register(people, parent, **wrong), 201)

    def test_tokens_that_are_none(self, people):
        text = "Parent ID is required for child accounts"
        parent = people.parent()
        for token in (token_for(parent.id, seconds=-2), token_for(0), token_for(parent.id, key="x" * 40)):
            assert_refused(self.register(people, parent, header=f"Bearer {token}"), 422, text)

    def test_it_is_counted_as_a_child(self, people):
        parent = people.parent()
        before = people.server.metrics()
        assert_answer(self.register(people, parent), 201)
        self.register(people)
        after = people.server.metrics()
        moved = {role: after("user_registrations_total", role=role) - before("user_registrations_total", role=role) for role in ("parent", "child")}
        assert moved == {"parent": 0, "child": 1}


class TestCreate:
    def body(self, people, **fields):
        return {"username": people.name("made"), "password": PASSWORD, **fields}

    def test_a_child_joins_its_parents_family(self, people):
        parent, _ = people.family()
        answer = parent.post("/users/", self.body(people, email=" Some One <INFO@EXAMPLE.com> "))
        user = assert_answer(answer, 201)
        assert list(user) == USER_KEYS
        assert user["parent_id"] == parent.id
        assert user["email"] == "info@example.com"
        ((family,),) = people.sql("SELECT family_id FROM users WHERE id = %s", user["id"])
        assert family == parent.family_id
        people.sql("UPDATE users SET email = NULL WHERE id = %s", user["id"])

    def test_a_parent_needs_a_code_and_an_address(self, people):
        parent = people.parent()
        body = self.body(people, is_parent=True)
        assert_refused(
            parent.post("/users/", body), 422, "Registration code is required during beta period"
        )
        body["registration_code"] = REGISTRATION_CODE
        assert_refused(parent.post("/users/", body), 422, "Email is required for parent accounts")
        body["email"] = f"{body['username']}@example.com"
        user = assert_answer(parent.post("/users/", {**body, "parent_id": parent.id}), 201)
        assert (user["is_parent"], user["parent_id"]) == (True, None)

    def test_faults_come_before_the_role(self, people):
        _, child = people.family()
        answer = child.post("/users/", {"username": "ab", "password": "abc", "is_parent": "maybe"})
        assert [f[:2] for f in faults(answer)] == [
            ("string_too_short", ["body", "username"]),
            ("bool_parsing", ["body", "is_parent"]),
            ("string_too_short", ["body", "password"]),
        ]
        assert '"***"' in answer.text
        assert "abc" not in answer.text
        assert_refused(
            child.post("/users/", self.body(people)), 403, "Only parents can create new users"
        )

    def test_a_missing_name_does_not_echo_the_password(self, people):
        answer = people.parent().post("/users/", {"password": "very-secret"})
        assert answer.text == (
            '{"detail":[{"type":"missing","loc":["body","username"],"msg":"Field required",'
            '"input":{"password":"***"}}]}'
        )

    def test_children_of_strangers_are_not_made(self, people):
        victim, _ = people.family()
        attacker = people.parent()
        answer = attacker.post("/users/", self.body(people, parent_id=victim.id))
        assert_refused(answer, 403, "You can only create children in your own family")
        answer = attacker.post("/users/", self.body(people, parent_id=2147483648))
        assert_refused(answer, 404, "Parent user not found")

    def test_a_co_parents_children_may_be_made(self, people):
        first, second = people.family(children=0, parents=2)
        user = assert_answer(second.post("/users/", self.body(people, parent_id=first.id)), 201)
        assert user["parent_id"] == first.id

    def test_the_rest_is_refused(self, people):
        parent = people.parent()
        taken = parent.username
        answer = parent.post("/users/", self.body(people, password="1234567"))
        assert_refused(answer, 422, "Password must be at least 8 characters long")
        answer = parent.post("/users/", self.body(people, password="pass\0word"))
        assert_refused(answer, 422, "bcrypt does not allow NULL bytes in password")
        answer = parent.post("/users/", self.body(people, password="é" * 37))
        assert_refused(answer, 422, "Password must be at most 72 bytes long")
        answer = parent.post("/users/", {**self.body(people), "username": taken})
        assert_refused(answer, 400, "Username already taken")
        answer = parent.post("/users/", self.body(people, email=f"{taken}@example.com"))
        assert_refused(answer, 400, "Email already registered")

    def test_checks_in_their_order(self, people):
        parent, child = people.family()
        stranger = people.parent()
        body = {"username": parent.username, "password": "short", "is_parent": True, "email": "ü@example.com", "parent_id": stranger.id}
        assert_refused(child.post("/users/", body), 403, "Only parents can create new users")
        assert_refused(parent.post("/users/", body), 422, "Registration code is required during beta period")
        body["registration_code"] = " "
        assert_refused(parent.post("/users/", body), 422, "Registration code cannot be empty")
        body["registration_code"] = "NOPE"
        assert_refused(parent.post("/users/", body), 422, INVALID_CODE)
        body["registration_code"] = REGISTRATION_CODE.lower()
        assert_refused(parent.post("/users/", body), 422, "Password must be at least 8 characters long")
        body["password"] = PASSWORD
        assert_refused(parent.post("/users/", {**body, "email": None}), 422, "Email is required for parent accounts")
        assert_refused(parent.post("/users/", body), 422, "Invalid email format")
        body["email"] = parent.email.upper()
        assert_refused(parent.post("/users/", body), 400, "Username already taken")
        body["username"] = people.name("made")
        assert_refused(parent.post("/users/", body), 400, "Email already registered")
        body["is_parent"] = False
        assert_refused(parent.post("/users/", body), 403, "You can only create children in your own family")
        body["parent_id"] = parent.id
        assert_refused(parent.post("/users/", body), 400, "Email already registered")
        del body["email"]
        assert_answer(parent.post("/users/", body), 201)

    def test_whose_child_it_may_be(self, people):
        parent, co_parent, child = people.family(parents=2)
        text = "You can only create children in your own family"
        people.sql("UPDATE users SET is_active = false WHERE id = %s", co_parent.id)
        assert_refused(parent.post("/users/", self.body(people, parent_id=co_parent.id)), 403, text)
        assert_refused(parent.post("/users/", self.body(people, parent_id=child.id)), 403, text)
        first, second = people.parent(), people.parent()
        assert_refused(first.post("/users/", self.body(people, parent_id=second.id)), 403, text)
        for nobody in (-1, 999999, 2147483648, 10**20):
            assert_refused(parent.post("/users/", self.body(people, parent_id=nobody)), 404, "Parent user not found")

    def test_a_parents_child_without_a_family_has_none(self, people):
        parent = people.parent()
        user = assert_answer(parent.post("/users/", self.body(people)), 201)
        assert people.sql("SELECT parent_id, family_id, is_active FROM users WHERE id = %s", user["id"]) == [(parent.id, None, True)]

    def test_what_is_sent_besides_is_judged_and_dropped(self, people):
        parent, _ = people.family()
        (other,) = people.family(children=0)
        answer = parent.post("/users/", self.body(people, family_id="x"))
        assert faults(answer)[0][:2] == ("int_parsing", ["body", "family_id"])
        user = assert_answer(parent.post("/users/", self.body(people, family_id=other.family_id, is_active=False, id=1)), 201)
        assert people.sql("SELECT family_id, is_active FROM users WHERE id = %s", user["id"]) == [(parent.family_id, True)]

    def test_an_empty_address_is_none(self, people):
        answer = people.parent().post("/users/", self.body(people, email=""))
        assert faults(answer)[0][2] == "value is not a valid email address: An email address must have an @-sign."

    def test_it_is_counted_by_role(self, people):
        parent = people.parent()
        before = people.server.metrics()
        assert_answer(parent.post("/users/", self.body(people)), 201)
        parent.post("/users/", self.body(people, password="short"))
        body = self.body(people, is_parent=True, registration_code=REGISTRATION_CODE)
        assert_answer(parent.post("/users/", {**body, "email": f"{body['username']}@example.com"}), 201)
        after = people.server.metrics()
        assert [after("user_registrations_total", role=r) - before("user_registrations_total", role=r) for r in ("parent", "child")] == [1, 1]

    def test_zero_is_no_parent_id(self, people):
        parent = people.parent()
        user = assert_answer(parent.post("/users/", self.body(people, parent_id=0)), 201)
        assert user["parent_id"] == parent.id


def test_no_codes_configured_means_open_to_all(start_server):
    server = start_server(REGISTRATION_CODES="")
    with server.client() as client:
        answer = client.post(
            "/api/v1/users/register",
            data={"username": "free", "password": PASSWORD, "is_parent": "true", "email": "f@example.com"},
        )
        assert answer.status_code == 201
