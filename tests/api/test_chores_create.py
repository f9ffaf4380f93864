"""Parents make chores, by JSON or by a form."""

import json

import pytest

from support.answers import MOMENT, assert_answer, assert_chore, assert_refused, faults
from support.people import People, make_chore


def body(*children, **fields):
    return {
        "title": "Fixed", "description": "d", "reward": 5, "assignment_mode": "single",
        "assignee_ids": [c.id for c in children], **fields,
    }  # fmt: skip


def activities(people, chore):
    return people.sql(
        "SELECT user_id, target_user_id, description, activity_data::text FROM activities"
        " WHERE activity_type = 'chore_created' AND activity_data @> jsonb_build_object('chore_id', %s::int)"
        " ORDER BY id",
        chore["id"],
    )


class TestJson:
    def test_the_answer_is_the_chore(self, people):
        parent, child = people.family()
        answer = parent.post("/chores", body(child))
        chore = assert_answer(answer, 201)
        assert_chore(chore)
        assert '"reward":5.0' in answer.text
        assert (chore["title"], chore["description"], chore["creator_id"]) == ("Fixed", "d", parent.id)
        assert MOMENT.match(chore["created_at"])
        (assignment,) = chore["assignments"]
        assert assignment["assignee_id"] == child.id
        assert (assignment["is_completed"], assignment["is_approved"]) == (False, False)
        assert activities(people, chore) == [
            (parent.id, child.id, "Created chore 'Fixed' ($5.00)",
             f'{{"chore_id": {chore["id"]}, "chore_title": "Fixed", "reward_amount": 5}}'),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("fields", "text", "amount"),
        [
            ({"reward": 5.0}, " ($5.00)", "5.0"),
            ({"reward": 0.125}, " ($0.12)", "0.125"),
            ({"reward": 0}, "", "0"),
            ({"reward": None}, "", "null"),
            ({"reward": 7, "is_range_reward": True, "min_reward": 1, "max_reward": 2}, "", "null"),
        ],
    )
    def test_activities_tell_the_worth(self, people, fields, text, amount):
        parent, child = people.family()
        chore = assert_answer(parent.post("/chores", body(child, **fields)), 201)
        ((_, _, description, data),) = activities(people, chore)
        assert description == "Created chore 'Fixed'" + text
        assert data.endswith(f'"reward_amount": {amount}}}')

    def test_the_title_alone_is_enough_for_the_pool(self, people):
        parent, _ = people.family()
        chore = assert_answer(parent.post("/chores", {"title": "T", "assignment_mode": "unassigned"}), 201)
        assert (chore["description"], chore["reward"], chore["assignments"]) == ("", 0.0, [])
        assert activities(people, chore) == []

    def test_several_children_in_the_order_given(self, people):
        parent, first, second = people.family(children=2)
        chore = assert_answer(
            parent.post("/chores", body(second, first, second, assignment_mode="multi_independent")), 201
        )
        assert [a["assignee_id"] for a in chore["assignments"]] == [second.id, first.id]
        assert len(activities(people, chore)) == 2

    def test_the_older_name_of_one_assignee(self, people):
        parent, child = people.family()
        chore = assert_answer(parent.post("/chores", {"title": "T", "assignee_id": child.id}), 201)
        assert chore["assignment_mode"] == "single"
        chore = assert_answer(parent.post("/chores", {"title": "T", "assignee_id": None}), 201)
        assert (chore["assignment_mode"], chore["assignments"]) == ("unassigned", [])
        chore = assert_answer(parent.post("/chores", body(child, assignee_id=999999)), 201)
        assert len(chore["assignments"]) == 1

    def test_what_is_not_the_clients_to_say_is_ignored(self, people):
        parent, child = people.family()
        chore = assert_answer(
            parent.post("/chores", body(child, id=1, creator_id=child.id, approval_reward=9, nonsense=1)), 201
        )
        assert chore["id"] != 1
        assert (chore["creator_id"], chore["approval_reward"]) == (parent.id, None)

    def test_all_members_arrive(self, people):
        parent, child = people.family()
        fields = {
            "min_reward": 1.5, "max_reward": 4.5, "is_range_reward": True, "cooldown_days": 3,
            "is_recurring": True, "frequency": "weekly", "is_disabled": True,
        }  # fmt: skip
        chore = assert_answer(parent.post("/chores", body(child, **fields)), 201)
        assert {key: chore[key] for key in fields} == fields


class TestJsonRefused:
    @pytest.mark.parametrize("value", [None, {}, [], 5, "title", {"description": "d"}])
    def test_without_a_title(self, people, value):
        answer = people.parent().post(
            "/chores", content=json.dumps(value), headers={"content-type": "application/json"}
        )
        assert_refused(answer, 422, "Missing required field: title")

    def test_nothing_to_read(self, people):
        parent = people.parent()
        text = "Invalid JSON data or missing required fields"
        assert_refused(parent.post("/chores"), 422, text)
        assert_refused(parent.post("/chores", content="{bad"), 422, text)
        assert_refused(parent.post("/chores", data={"description": "d"}), 422, text)

    def test_the_role_comes_first(self, people):
        _, child = people.family()
        text = "Only parents can create chores"
        for value in ({}, {"title": "", "reward": -1}, body(child)):
            assert_refused(child.post("/chores", value), 403, text)

    @pytest.mark.parametrize(
        ("fields", "fault"),
        [
            ({"title": ""}, ("string_too_short", ["body", "title"])),
            ({"title": "x" * 201}, ("string_too_long", ["body", "title"])),
            ({"title": None}, ("string_type", ["body", "title"])),
            ({"title": "a\0b"}, ("value_error", ["body", "title"])),
            ({"description": "x" * 1001}, ("string_too_long", ["body", "description"])),
            ({"reward": -1}, ("greater_than_equal", ["body", "reward"])),
            ({"reward": 1000.01}, ("less_than_equal", ["body", "reward"])),
            ({"reward": []}, ("float_type", ["body", "reward"])),
            ({"cooldown_days": 366}, ("less_than_equal", ["body", "cooldown_days"])),
            ({"cooldown_days": 1.5}, ("int_from_float", ["body", "cooldown_days"])),
            ({"is_recurring": "maybe"}, ("bool_parsing", ["body", "is_recurring"])),
            ({"frequency": "x" * 51}, ("string_too_long", ["body", "frequency"])),
            ({"assignment_mode": "bogus"}, ("string_pattern_mismatch", ["body", "assignment_mode"])),
            ({"assignment_mode": "Single"}, ("string_pattern_mismatch", ["body", "assignment_mode"])),
            ({"assignee_ids": 3}, ("list_type", ["body", "assignee_ids"])),
            ({"assignee_ids": ["x"]}, ("int_parsing", ["body", "assignee_ids", 0])),
        ],
    )
    def test_a_member_is_wrong(self, people, fields, fault):
        parent, child = people.family()
        assert [f[:2] for f in faults(parent.post("/chores", body(child, **fields)))] == [fault]

    @pytest.mark.parametrize(
        ("mode", "count", "text"),
        [
            ("single", 0, "'single' assignment mode requires exactly 1 assignee_id"),
            ("single", 2, "'single' assignment mode requires exactly 1 assignee_id"),
            (None, 0, "'single' assignment mode requires exactly 1 assignee_id"),
            ("multi_independent", 0, "'multi_independent' assignment mode requires at least 1 assignee_id"),
            ("unassigned", 1, "'unassigned' assignment mode must have 0 assignee_ids"),
        ],
    )
    def test_the_mode_and_the_assignees_disagree(self, people, mode, count, text):
        parent, *children = people.family(children=2)
        assert_refused(parent.post("/chores", body(*children[:count], assignment_mode=mode)), 422, text)

    def test_assignees_must_be_ones_children(self, people):
        parent, co_parent, child = people.family(parents=2)
        stranger, foreign = people.family()
        single = people.parent()
        cases = [
            (parent, 999999, 404, "Assignee with ID 999999 not found"),
            (parent, 2147483648, 404, "Assignee with ID 2147483648 not found"),
            (parent, foreign.id, 403,
             f"Assignee {foreign.id} is not in your family. You can only assign chores to children in your family"),
            (single, child.id, 403,
             f"Assignee {child.id} is not your child. You can only assign chores to your own children"),
            (parent, co_parent.id, 403,
             f"Assignee {co_parent.id} is not your child. You can only assign chores to your own children"),
        ]  # fmt: skip
        for person, assignee, status, text in cases:
            answer = person.post("/chores", {**body(), "assignee_ids": [assignee]})
            assert_refused(answer, status, text)

    @pytest.mark.parametrize(
        "fields",
        [
            {"is_range_reward": True, "min_reward": 5, "max_reward": 2},
            {"is_range_reward": True, "min_reward": 5},
            {"min_reward": 5, "max_reward": 2},
        ],
    )
    def test_bounds_are_in_order(self, people, fields):
        parent, child = people.family()
        answer = parent.post("/chores", body(child, **fields))
        assert_refused(answer, 422, "Minimum reward must be less than maximum reward")

    def test_a_refused_chore_is_not_there(self, people):
        parent, child = people.family()
        parent.post("/chores", body(child, assignee_ids=[child.id, 999999], assignment_mode="multi_independent"))
        assert assert_answer(parent.get("/chores")) == []


class TestForm:
    def test_for_a_child(self, people):
        parent, child = people.family()
        form = {
            "title": "Form", "reward": "2.50", "is_recurring": "on", "frequency": "daily",
            "cooldown_days": "2", "assignee_id": str(child.id), "nonsense": "x",
        }  # fmt: skip
        for request in ({"data": form}, {"files": {k: (None, v) for k, v in form.items()}}):
            chore = assert_answer(parent.post("/chores", **request), 201)
            assert_chore(chore)
            assert (chore["description"], chore["reward"], chore["cooldown_days"]) == ("", 2.5, 2)
            assert (chore["is_recurring"], chore["frequency"]) == (True, "daily")
            assert (chore["assignment_mode"], len(chore["assignments"])) == ("single", 1)
            assert activities(people, chore)[0][3].endswith('"reward_amount": 2.5}')

    def test_for_the_pool_with_a_range(self, people):
        parent, _ = people.family()
        form = {"title": "F", "reward": "9", "is_range_reward": "on", "min_reward": "1", "max_reward": " 3.5 ",
                "frequency": "daily"}  # fmt: skip
        chore = assert_answer(parent.post("/chores", data=form), 201)
        assert (chore["reward"], chore["min_reward"], chore["max_reward"]) == (0.0, 1.0, 3.5)
        assert (chore["assignment_mode"], chore["frequency"]) == ("unassigned", None)

    def test_switches_are_on_or_off(self, people):
        parent, _ = people.family()
        form = {"title": "F", "is_range_reward": "true", "is_recurring": "1"}
        chore = assert_answer(parent.post("/chores", data=form), 201)
        assert (chore["is_range_reward"], chore["is_recurring"]) == (False, False)

    def test_integers_are_checked_before_the_role(self, people):
        _, child = people.family()
        answer = child.post("/chores", data={"title": "F", "cooldown_days": "x", "assignee_id": "y"})
        assert [f[:2] for f in faults(answer)] == [
            ("int_parsing", ["body", "cooldown_days"]),
            ("int_parsing", ["body", "assignee_id"]),
        ]
        answer = child.post("/chores", data={"title": "F", "reward": "abc"})
        assert_refused(answer, 403, "Only parents can create chores")

    def test_files_are_refused_before_the_role(self, people):
        _, child = people.family()
        files = {"assignee_id": ("f", "1"), "reward": ("f", "1"), "cooldown_days": (None, "x")}
        assert [f[:2] for f in faults(child.post("/chores", files=files))] == [
            ("string_type", ["body", "reward"]),
            ("int_parsing", ["body", "cooldown_days"]),
            ("int_type", ["body", "assignee_id"]),
        ]

    def test_an_amount_that_is_none(self, people):
        answer = people.parent().post("/chores", data={"title": "F", "reward": "abc"})
        assert [f[:2] for f in faults(answer)] == [("float_parsing", ["body", "reward"])]


class TestToTheByte:
    def test_of_a_child_and_of_the_pool(self, people):
        parent, child = people.family()
        answer = parent.post("/chores", body(child, title="<ä> \U0001f9f9", reward=0.1))
        shown = answer.json()
        assignment = shown["assignments"][0]
        assert answer.status_code == 201
        assert answer.headers["content-type"] == "application/json"
        assert answer.text == (
            '{"title":"<ä> \U0001f9f9","description":"d","reward":0.1,"min_reward":null,"max_reward":null,'
            '"approval_reward":null,"rejection_reason":null,"is_range_reward":false,"cooldown_days":0,'
            f'"is_recurring":false,"frequency":null,"is_disabled":false,"id":{shown["id"]},'
            f'"assignment_mode":"single","creator_id":{parent.id},"created_at":"{shown["created_at"]}",'
            f'"updated_at":"{shown["created_at"]}","is_completed":null,"is_approved":null,"completed_at":null,'
            f'"approved_at":null,"assignments":[{{"id":{assignment["id"]},"chore_id":{shown["id"]},'
            f'"assignee_id":{child.id},"is_completed":false,"is_approved":false,"completion_date":null,'
            '"approval_date":null,"approval_reward":null,"rejection_reason":null,'
            f'"created_at":"{assignment["created_at"]}","updated_at":"{assignment["created_at"]}"}}]}}'
        )
        answer = parent.post("/chores", {"title": "T", "assignment_mode": "unassigned"})
        assert answer.text.endswith('"completed_at":null,"approved_at":null,"assignments":[]}')

    @pytest.mark.parametrize(
        ("reward", "spelling"),
        [(5, "5.0"), (0, "0.0"), (1000, "1000.0"), (2.50, "2.5"), (100 / 3, "33.333333333333336"),
         (0.00001, "0.00001"), (0.000001, "1e-6"), (0.0000015, "1.5e-6"), (True, "1.0"), (False, "0.0"),
         ("2.5", "2.5"), (" 1e2 ", "100.0")],
    )  # fmt: skip
    def test_rewards(self, people, reward, spelling):
        parent, child = people.family()
        answer = parent.post("/chores", body(child, reward=reward, min_reward=reward, max_reward=reward))
        assert f'"reward":{spelling},"min_reward":{spelling},"max_reward":{spelling},' in answer.text
        assert f'"reward":{spelling},"min_reward":{spelling},' in parent.get("/chores").text


class TestOrder:
    """Each check wins over all that come later."""

    def everything_wrong(self, *corrections):
        """A body whose faults fall off one by one, in the order of the checks."""
        value = {"nonsense": 1, "reward": -1, "assignment_mode": "single",
                 "assignee_ids": [999999, 999998], "is_range_reward": True, "min_reward": 5, "max_reward": 2}  # fmt: skip
        for correction in corrections:
            value |= correction
        return value

    def test_of_json(self, people):
        parent, child, sibling = people.family(children=2)
        _, foreign = people.family()
        fixes = [{"title": "T"}, {"reward": 1}, {"assignee_ids": [999999]}, {"assignee_ids": [foreign.id]},
                 {"assignee_ids": [child.id]}, {"min_reward": 2}]  # fmt: skip
        assert_refused(child.post("/chores", self.everything_wrong()), 403, "Only parents can create chores")
        told = [
            (422, "Missing required field: title"),
            None,
            (422, "'single' assignment mode requires exactly 1 assignee_id"),
            (404, "Assignee with ID 999999 not found"),
            (403, f"Assignee {foreign.id} is not in your family. You can only assign chores to children in your family"),
            (422, "Minimum reward must be less than maximum reward"),
        ]
        for count, expected in enumerate(told):
            answer = parent.post("/chores", self.everything_wrong(*fixes[:count]))
            if expected is None:
                assert [f[:2] for f in faults(answer)] == [("greater_than_equal", ["body", "reward"])]
            else:
                assert_refused(answer, *expected)
        assert parent.post("/chores", self.everything_wrong(*fixes)).status_code == 201

    def test_of_assignees_the_first_that_is_wrong(self, people):
        parent, child = people.family()
        _, foreign = people.family()
        outside = f"Assignee {foreign.id} is not in your family. You can only assign chores to children in your family"
        for ids, status, text in (
            ([child.id, foreign.id, 999999], 403, outside),
            ([child.id, 999999, foreign.id], 404, "Assignee with ID 999999 not found"),
            ([parent.id, 999999], 403,
             f"Assignee {parent.id} is not your child. You can only assign chores to your own children"),
            ([0], 404, "Assignee with ID 0 not found"),
            ([-1], 404, "Assignee with ID -1 not found"),
        ):  # fmt: skip
            answer = parent.post("/chores", body(assignee_ids=ids, assignment_mode="multi_independent"))
            assert_refused(answer, status, text)

    def test_of_more_assignees_than_a_usual_body_names(self, start_server):
        """Short in JSON, long in SQL's array: 9e18 has 19 digits there."""
        people = People(start_server(WORKERS=1, HTTP_BODY_BYTES=4_000_000))
        content = '{"title":"T","description":"","assignment_mode":"multi_independent","assignee_ids":[%s]}'
        try:
            answer = people.parent().post("/chores", content=content % ",".join(["9e18"] * 600_000))
            assert_refused(answer, 404, "Assignee with ID 9000000000000000000 not found")
        finally:
            people.close()

    def test_all_faults_at_once_as_the_schema_has_them(self, people):
        fields = {"assignee_ids": [1, "x", None, 1.5], "is_disabled": "maybe", "assignment_mode": "x", "frequency": 1,
                  "is_recurring": None, "cooldown_days": "x", "is_range_reward": 2, "max_reward": {}, "min_reward": "x",
                  "reward": 1001, "description": 1, "title": ""}  # fmt: skip
        assert [f[:2] for f in faults(people.parent().post("/chores", fields))] == [
            ("string_too_short", ["body", "title"]), ("string_type", ["body", "description"]),
            ("less_than_equal", ["body", "reward"]), ("float_parsing", ["body", "min_reward"]),
            ("float_type", ["body", "max_reward"]), ("bool_parsing", ["body", "is_range_reward"]),
            ("int_parsing", ["body", "cooldown_days"]), ("string_type", ["body", "frequency"]),
            ("string_pattern_mismatch", ["body", "assignment_mode"]), ("bool_parsing", ["body", "is_disabled"]),
            ("int_parsing", ["body", "assignee_ids", 1]), ("int_type", ["body", "assignee_ids", 2]),
            ("int_from_float", ["body", "assignee_ids", 3]),
        ]  # fmt: skip

    def test_of_forms(self, people):
        parent, child = people.family()
        _, foreign = people.family()
        form = {"title": "F", "is_range_reward": "on", "min_reward": "5", "max_reward": "2", "assignee_id": "999999"}
        assert [f[0] for f in faults(child.post("/chores", data={**form, "title": "", "assignee_id": "1.5"}))] == ["int_parsing"]
        assert_refused(child.post("/chores", data={**form, "title": ""}), 403, "Only parents can create chores")
        assert_refused(
            parent.post("/chores", data={**form, "title": "", "min_reward": "-1"}), 422,
            "Invalid JSON data or missing required fields")  # fmt: skip
        assert [f[:2] for f in faults(parent.post("/chores", data={**form, "min_reward": "-1"}))] == [
            ("greater_than_equal", ["body", "min_reward"])]  # fmt: skip
        assert_refused(parent.post("/chores", data=form), 404, "Assignee with ID 999999 not found")
        assert_refused(
            parent.post("/chores", data={**form, "assignee_id": foreign.id}), 403,
            f"Assignee {foreign.id} is not in your family. You can only assign chores to children in your family")  # fmt: skip
        assert_refused(
            parent.post("/chores", data={**form, "assignee_id": child.id}), 422,
            "Minimum reward must be less than maximum reward")  # fmt: skip


class TestLimits:
    def test_texts_count_characters(self, people):
        parent, child = people.family()
        fields = {"title": "\U0001f9f9" * 200, "description": "ü" * 1000, "frequency": "ü" * 50}
        chore = assert_answer(parent.post("/chores", body(child, **fields)), 201)
        assert {key: chore[key] for key in fields} == fields

    def test_numbers_at_their_bounds(self, people):
        parent, child = people.family()
        for fields in ({"reward": 1000, "min_reward": 0, "max_reward": 1000, "cooldown_days": 365},
                       {"reward": 0, "min_reward": 3, "max_reward": 3, "cooldown_days": 0},
                       {"is_range_reward": True}, {"is_range_reward": True, "max_reward": 0},
                       {"is_range_reward": True, "min_reward": 0}):  # fmt: skip
            assert_answer(parent.post("/chores", body(child, **fields)), 201)

    def test_null_is_the_default(self, people):
        parent, child = people.family()
        names = ("description", "reward", "min_reward", "max_reward", "is_range_reward", "is_recurring", "is_disabled",
                 "cooldown_days", "frequency", "assignment_mode")  # fmt: skip
        chore = assert_answer(parent.post("/chores", body(child, **dict.fromkeys(names))), 201)
        assert [chore[name] for name in names] == ["", 0.0, None, None, False, False, False, 0, None, "single"]

    def test_what_json_cannot_say_is_malformed(self, people):
        parent = people.parent()
        for number in ("NaN", "Infinity", "-Infinity"):
            answer = parent.post(
                "/chores", content=f'{{"title":"T","reward":{number}}}', headers={"content-type": "application/json"})  # fmt: skip
            assert answer.json()["error"]["code"] == "MALFORMED_JSON"
        answer = parent.post("/chores", content='{"title":"T","reward":1e999}', headers={"content-type": "application/json"})
        assert [f[:2] for f in faults(answer)] == [("less_than_equal", ["body", "reward"])]

    @pytest.mark.parametrize("word", ["NaN", "inf", "-inf", "Infinity"])
    def test_texts_of_numbers_that_are_none(self, people, word):
        parent = people.parent()
        for answer in (parent.post("/chores", {"title": "T", "assignment_mode": "unassigned", "reward": word}),
                       parent.post("/chores", data={"title": "T", "reward": word})):  # fmt: skip
            assert faults(answer)[0][0] in ("less_than_equal", "greater_than_equal")

    def test_without_a_content_type_it_is_json(self, people):
        parent, child = people.family()
        answer = parent.post("/chores", content=json.dumps(body(child)))
        assert_answer(answer, 201)


class TestWhoMayBeAssigned:
    def test_children_by_the_link_where_one_has_no_family(self, people):
        single = people.parent()
        own = people.child(single)
        assert_answer(single.post("/chores", body(own)), 201)
        (parent,) = people.family(children=0)
        apart = people.child(parent, family_id=None)
        assert_answer(parent.post("/chores", body(apart)), 201)
        moved = people.child(single, family_id=parent.family_id)
        assert_answer(parent.post("/chores", body(moved)), 201)
        assert_answer(single.post("/chores", body(moved)), 201)

    def test_inactive_children_too(self, people):
        (parent,) = people.family(children=0)
        assert_answer(parent.post("/chores", body(people.child(parent, is_active=False))), 201)


class TestFormsFurther:
    def test_blank_and_absent_amounts_are_none(self, people):
        parent, _ = people.family()
        chore = assert_answer(parent.post("/chores", data={"title": "F", "reward": "  "}), 201)
        assert chore["reward"] == 0.0
        chore = assert_answer(parent.post("/chores", data={"title": "F", "is_range_reward": "on", "max_reward": ""}), 201)
        assert (chore["min_reward"], chore["max_reward"]) == (0.0, 0.0)

    def test_bounds_without_a_range_are_not_read(self, people):
        parent, _ = people.family()
        chore = assert_answer(parent.post("/chores", data={"title": "F", "min_reward": "x", "max_reward": "-1"}), 201)
        assert (chore["min_reward"], chore["max_reward"]) == (None, None)

    def test_the_mode_and_the_switch_cannot_be_sent(self, people):
        parent, child = people.family()
        form = {"title": " ", "assignment_mode": "multi_independent", "is_disabled": "on", "assignee_ids": str(child.id)}
        chore = assert_answer(parent.post("/chores", data=form), 201)
        assert (chore["title"], chore["assignment_mode"], chore["is_disabled"]) == (" ", "unassigned", False)

    def test_a_file_is_no_title(self, people):
        answer = people.parent().post("/chores", files={"title": ("x.txt", b"T")})
        assert [f[:2] for f in faults(answer)] == [("string_type", ["body", "title"])]

    @pytest.mark.parametrize(
        ("form", "kind", "field"),
        [
            ({"title": "x" * 201}, "string_too_long", "title"),
            ({"title": "a\0b"}, "value_error", "title"),
            ({"description": "x" * 1001}, "string_too_long", "description"),
            ({"reward": "1000.01"}, "less_than_equal", "reward"),
            ({"reward": "0x10"}, "float_parsing", "reward"),
            ({"cooldown_days": "366"}, "less_than_equal", "cooldown_days"),
            ({"is_recurring": "on", "frequency": "x" * 51}, "string_too_long", "frequency"),
        ],
    )
    def test_faults_are_those_of_json(self, people, form, kind, field):
        answer = people.parent().post("/chores", data={"title": "F", **form})
        assert [f[:2] for f in faults(answer)] == [(kind, ["body", field])]


def test_make_chore_of_the_tests_makes_pools(people):
    parent, _ = people.family()
    assert make_chore(parent)["assignment_mode"] == "unassigned"
