"""Bonuses and penalties, and the ledger."""

import pytest

from support.answers import ADJUSTMENT_KEYS, MOMENT, assert_answer, assert_refused, faults
from support.people import make_chore


def adjust(parent, child_id, amount="1.50", reason="abc"):
    return parent.post("/adjustments/", {"child_id": child_id, "amount": amount, "reason": reason})


class TestCreate:
    def test_the_answer_and_the_activity(self, people):
        parent, child = people.family()
        body = assert_answer(adjust(parent, child.id, "1.5", "  grün  "), 201)
        assert list(body) == ADJUSTMENT_KEYS
        assert (body["amount"], body["reason"]) == ("1.50", "  grün  ")
        assert (body["child_id"], body["parent_id"], body["child"], body["parent"]) == (child.id, parent.id, None, None)
        assert MOMENT.match(body["created_at"])
        rows = people.sql(
            "SELECT user_id, target_user_id, activity_type, description, activity_data::text FROM activities"
            " WHERE target_user_id = %s", child.id)  # fmt: skip
        assert rows == [(parent.id, child.id, "adjustment_applied", "Applied bonus of $1.50:   grün  ",
                         f'{{"amount": 1.5, "reason": "  grün  ", "adjustment_id": {body["id"]}, '
                         '"adjustment_type": "adjustment"}')]  # fmt: skip

    @pytest.mark.parametrize(
        ("amount", "shown"),
        [
            (5, "5.00"), (0.1, "0.10"), (-0.0 - 1, "-1.00"), ("  1_0.5 ", "10.50"), ("1E+2", "100.00"), (".5", "0.50"),
            ("5.", "5.00"), ("100e-1", "10.00"), ("1.100", "1.10"), ("٣", "3.00"), (999.99, "999.99"),
            (5.000000000000000000001, "5.00"),
        ],
    )  # fmt: skip
    def test_amounts(self, people, amount, shown):
        parent, child = people.family()
        assert adjust(parent, child.id, 999).status_code == 201
        assert assert_answer(adjust(parent, child.id, amount), 201)["amount"] == shown

    @pytest.mark.parametrize(
        ("fields", "fault"),
        [
            ({"amount": 5.555}, ("decimal_max_places", "Decimal input should have no more than 2 decimal places")),
            ({"amount": "999.991"}, ("decimal_max_places", "Decimal input should have no more than 2 decimal places")),
            ({"amount": 1000}, ("less_than_equal", "Input should be less than or equal to 999.99")),
            ({"amount": "-1000"}, ("greater_than_equal", "Input should be greater than or equal to -999.99")),
            ({"amount": "NaN"}, ("finite_number", "Input should be a finite number")),
            ({"amount": "abc"}, ("decimal_parsing", "Input should be a valid decimal")),
            ({"amount": True}, ("decimal_type", "Decimal input should be an integer, float, string or Decimal object")),
            ({"amount": None}, ("decimal_type", "Decimal input should be an integer, float, string or Decimal object")),
            ({"amount": "0e5"}, ("value_error", "Value error, Adjustment amount cannot be zero")),
            ({"reason": "ab"}, ("string_too_short", "String should have at least 3 characters")),
            ({"reason": "x" * 501}, ("string_too_long", "String should have at most 500 characters")),
            ({"reason": "a\0bc"}, ("value_error", "Value error, NUL characters are not allowed")),
            ({"child_id": "4.5"}, ("int_parsing", "Input should be a valid integer, unable to parse string as an integer")),
        ],
    )
    def test_faults(self, people, fields, fault):
        parent, child = people.family()
        body = {"amount": 1, "reason": "abc", "child_id": child.id, **fields}
        (field,) = fields
        assert faults(child.post("/adjustments/", body)) == [(fault[0], ["body", field], fault[1])]
        assert people.sql("SELECT count(*) FROM reward_adjustments WHERE child_id = %s", child.id) == [(0,)]

    def test_checks_in_their_order(self, people):
        parent, co_parent, child = people.family(parents=2)
        stranger = people.parent()
        assert_refused(adjust(child, 999999), 403, "Only parents can create reward adjustments")
        for unknown in (0, -1, 2147483648):
            assert_refused(adjust(parent, unknown), 404, "Child user not found")
        text = "You can only adjust rewards for your own children"
        assert_refused(adjust(stranger, child.id, -5), 403, text)
        assert_refused(adjust(parent, parent.id), 403, text)
        assert_refused(adjust(parent, co_parent.id), 403, text)
        assert adjust(co_parent, child.id).status_code == 201

    def test_no_penalty_takes_a_balance_below_zero(self, people):
        parent, child = people.family()
        text = "Adjustment would result in negative balance. Current balance: $"
        assert_refused(adjust(parent, child.id, "-0.01"), 400, text + "0")
        adjust(parent, child.id, "7.50")
        assert_refused(adjust(parent, child.id, "-7.51"), 400, text + "7.50")
        assert adjust(parent, child.id, "-7.50").status_code == 201
        assert_refused(adjust(parent, child.id, -1), 400, text + "0.00")
        people.sql("INSERT INTO reward_adjustments (child_id, parent_id, amount, reason) VALUES (%s, %s, -12.75, 'old')",
                   child.id, parent.id)  # fmt: skip
        assert_refused(adjust(parent, child.id, -1), 400, text + "-12.75")
        assert adjust(parent, child.id, 1).status_code == 201

    def test_they_are_counted_by_kind(self, people):
        parent, child = people.family()
        before = people.server.metrics()
        adjust(parent, child.id, 30)
        adjust(parent, child.id, -7)
        after = people.server.metrics()

        def delta(name, **labels):
            return after(name, **labels) - before(name, **labels)

        assert delta("reward_adjustments_total", type="bonus") == delta("reward_adjustments_total", type="penalty") == 1
        assert delta("reward_adjustments_amount_sum", type="bonus") == 30
        assert delta("reward_adjustments_amount_sum", type="penalty") == 7
        assert delta("reward_adjustments_amount_bucket", type="penalty", le="10.0") == 1
        assert delta("reward_adjustments_amount_bucket", type="bonus", le="25.0") == 0


class TestLists:
    @pytest.fixture
    def money(self, people):
        parent, co_parent, child, sibling = people.family(children=2, parents=2)
        made = [assert_answer(adjust(p, c.id, n + 1), 201)["id"]
                for n, (p, c) in enumerate([(parent, child), (co_parent, child), (parent, sibling)])]  # fmt: skip
        return parent, co_parent, child, sibling, made

    def test_what_one_has_given(self, money):
        parent, co_parent, child, _, made = money

        def ids(path):
            return [a["id"] for a in assert_answer(parent.get(path))]

        assert ids("/adjustments/") == ids("/adjustments/?child_id=0&parent_id=5") == [made[2], made[0]]
        assert ids(f"/adjustments/?child_id={child.id}") == [made[1], made[0]]
        assert ids(f"/adjustments/child/{child.id}") == [made[1], made[0]]
        assert ids(f"/adjustments/child/{child.id}?skip=1&limit=1") == [made[0]]
        assert ids("/adjustments/?skip=99999999999999999999") == []
        body = assert_answer(co_parent.get("/adjustments/"))
        assert [list(a) for a in body] == [ADJUSTMENT_KEYS]

    def test_approvals_are_among_them(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child, reward=1000)
        child.post(f"/chores/{chore['id']}/complete")
        parent.post(f"/chores/{chore['id']}/approve", {})
        assert [a["amount"] for a in assert_answer(parent.get("/adjustments/"))] == ["1000.00"]

    def test_pages_are_checked(self, money):
        parent = money[0]
        for path in ("/adjustments/", "/adjustments/child/1"):
            assert [f[:2] for f in faults(parent.get(path + "?skip=-1&limit=101"))] == [
                ("greater_than_equal", ["query", "skip"]), ("less_than_equal", ["query", "limit"])]  # fmt: skip
        assert faults(parent.get("/adjustments/?child_id="))[0][0] == "int_parsing"
        assert faults(parent.get("/adjustments/total/x"))[0][:2] == ("int_parsing", ["path", "child_id"])

    def test_whose_they_are(self, people, money):
        parent, _, child, _, _ = money
        stranger = people.parent()
        children = "Children cannot view reward adjustments"
        assert_refused(child.get("/adjustments/"), 403, children)
        assert_refused(child.get("/adjustments/?child_id=999999"), 403, children)
        assert_refused(child.get(f"/adjustments/child/{child.id}"), 403, children)
        assert_refused(child.get("/adjustments/child/999999"), 404, "Child user not found")
        for path in ("/adjustments/?child_id={}", "/adjustments/child/{}"):
            assert_refused(parent.get(path.format(2147483648)), 404, "Child user not found")
            assert_refused(
                stranger.get(path.format(child.id)), 403, "You can only view adjustments for your own children"
            )


class TestTotal:
    def test_the_sum_of_the_ledger(self, people):
        parent, co_parent, child = people.family(parents=2)
        path = f"/adjustments/total/{child.id}"
        empty = f'{{"child_id":{child.id},"total_adjustments":"0","currency":"USD"}}'
        assert child.get(path).text == empty
        adjust(parent, child.id, "7.5")
        full = f'{{"child_id":{child.id},"total_adjustments":"7.50","currency":"USD"}}'
        for person in (parent, co_parent, child):
            assert person.get(path).text == full

    def test_whose_it_is(self, people):
        parent, child, sibling = people.family(children=2)
        stranger = people.parent()
        for person in (parent, child):
            assert_refused(person.get("/adjustments/total/999999"), 404, "Child user not found")
        assert_refused(
            stranger.get(f"/adjustments/total/{child.id}"), 403, "You can only view totals for your own children"
        )
        assert_refused(
            child.get(f"/adjustments/total/{sibling.id}"), 403, "You can only view your own adjustment total"
        )
