"""Reports: allowances of a period, their export, and a child's history."""

import json
import re
from datetime import datetime

import pytest

from support.answers import assert_answer, assert_refused, faults
from support.people import make_chore

SUMMARY = "/reports/allowance-summary"
EXPORT = "/reports/export/allowance-summary"
HISTORY = "/reports/reward-history"
NAIVE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$")


def earn(parent, child, **fields):
    chore = make_chore(parent, child, **fields)
    assert child.post(f"/chores/{chore['id']}/complete").status_code == 200
    assert parent.post(f"/chores/{chore['id']}/approve", {}).status_code == 200
    return chore


def adjust(parent, child, amount, reason="abc"):
    body = {"child_id": child.id, "amount": amount, "reason": reason}
    return assert_answer(parent.post("/adjustments/", body), 201)["id"]


@pytest.fixture
def money(people):
    """A parent and two children; the second has earned, got and awaits."""
    parent, _ = people.family(children=0, parents=2)
    idle = people.child(parent, username=people.name("aidle"))
    busy = people.child(parent, username=people.name("busy"))
    earn(parent, busy, reward=5.25)
    adjust(parent, busy, "-1.25")
    waiting = make_chore(parent, busy, reward=2.5)
    busy.post(f"/chores/{waiting['id']}/complete")
    ranged = make_chore(parent, busy, reward=9, is_range_reward=True, min_reward=1, max_reward=2)
    busy.post(f"/chores/{ranged['id']}/complete")
    return parent, idle, busy


class TestSummary:
    def test_figures(self, money):
        parent, idle, busy = money
        body = assert_answer(parent.get(SUMMARY))
        assert list(body) == ["family_summary", "child_summaries"]
        family = body["family_summary"]
        assert list(family) == [
            "total_children", "total_earned", "total_adjustments", "total_balance_due", "total_completed_chores",
            "period_start", "period_end",
        ]  # fmt: skip
        assert list(family.values())[:6] == [2, 5.25, -1.25, 4.0, 1, None]
        assert NAIVE.match(family["period_end"])
        first, second = body["child_summaries"]
        assert list(second) == [
            "id", "username", "completed_chores", "total_earned", "total_adjustments", "paid_out", "balance_due",
            "pending_chores_value", "last_activity_date",
        ]  # fmt: skip
        assert list(first.values()) == [idle.id, idle.username, 0, 0.0, 0.0, 0.0, 0.0, 0.0, None]
        assert list(second.values())[:8] == [busy.id, busy.username, 1, 5.25, -1.25, 0.0, 4.0, 2.5]
        assert second["last_activity_date"].endswith("Z")

    def test_the_last_activity_is_the_last_completed_chore(self, people):
        """What waits for its approval is no completed chore."""
        parent, child = people.family()
        earn(parent, child, reward=5)
        (done,) = assert_answer(parent.get(f"/chores/child/{child.id}"))
        (updated_at,) = people.sql("SELECT updated_at FROM chore_assignments WHERE chore_id = %s", done["id"])[0]
        waiting = make_chore(parent, child, reward=2.5)
        child.post(f"/chores/{waiting['id']}/complete")
        (shown,) = assert_answer(parent.get(SUMMARY))["child_summaries"]
        assert datetime.fromisoformat(shown["last_activity_date"]) == updated_at
        people.sql("DELETE FROM chores WHERE id = %s", done["id"])
        (shown,) = assert_answer(parent.get(SUMMARY))["child_summaries"]
        assert (shown["pending_chores_value"], shown["last_activity_date"]) == (2.5, None)

    def test_of_one_child(self, people, money):
        parent, _, busy = money
        body = assert_answer(parent.get(f"{SUMMARY}?child_id={busy.id}"))
        assert [c["id"] for c in body["child_summaries"]] == [busy.id]
        assert len(assert_answer(parent.get(f"{SUMMARY}?child_id=0"))["child_summaries"]) == 2
        text = "Child not found or does not belong to your family"
        for child_id in (999999, 99999999999, people.family()[1].id):
            assert_refused(parent.get(f"{SUMMARY}?child_id={child_id}"), 404, text)

    def test_periods(self, people, money):
        parent, _, busy = money
        people.sql("UPDATE reward_adjustments SET created_at = '2026-01-05T23:59:59.5Z' WHERE child_id = %s", busy.id)
        people.sql("UPDATE chore_assignments SET created_at = '2026-01-05T10:00:00Z' WHERE assignee_id = %s", busy.id)

        def total(query):
            body = assert_answer(parent.get(f"{SUMMARY}?{query}"))["family_summary"]
            return body["total_earned"], body["total_adjustments"], body["total_completed_chores"]

        assert total("date_from=2026-01-05&date_to=2026-01-05") == (5.25, -1.25, 1)
        assert total("date_from=2026-01-05T10:00:00Z") == (5.25, -1.25, 1)
        assert total("date_from=2026-01-05T12:00:00%2B02:00") == (5.25, -1.25, 1)
        assert total("date_from=2026-01-05T11") == (0.0, -1.25, 0)
        assert total("date_to=20260104") == (0.0, 0.0, 0)
        assert total("date_from=2199-01-01") == (0.0, 0.0, 0)
        assert total("date_from=&date_to=") == (5.25, -1.25, 1)
        family = assert_answer(parent.get(f"{SUMMARY}?date_from=2026-W02-1&date_to=2026-01-06"))["family_summary"]
        assert (family["period_start"], family["period_end"]) == ("2026-01-05T00:00:00", "2026-01-06T23:59:59")

    @pytest.mark.parametrize("path", [SUMMARY, EXPORT])
    def test_dates_that_are_none(self, people, path):
        parent = people.parent()
        cases = [
            ("date_from=bad", "Invalid isoformat string: 'bad'"),
            ("date_to=bad", "Invalid isoformat string: 'badT23:59:59'"),
            ("date_from=2026-02-30", "day is out of range for month"),
            ("date_from=2026-13-01", "month must be in 1..12"),
            ("date_from=2026-11-22T24:00:00", "hour must be in 0..23"),
            ("date_from=2026-11-22&date_to=2026-11-21", "period_end cannot be before period_start"),
        ]
        cases += [
            ("date_from=0001-01-01T00:00:00%2B01:00", "date value out of range"),
            ("date_from=9999-12-31T23:00:00-01:00", "date value out of range"),
            ("date_from=bad%00", r"Invalid isoformat string: 'bad\x00'"),
            (f"date_from={'é' * 1000}", f"Invalid isoformat string: '{'é' * 1000}'"),
        ]
        for query, text in cases:
            assert_refused(parent.get(f"{path}?{query}"), 400, f"Invalid date format: {text}")
        assert_answer(parent.get(f"{path}?date_from=0001-01-01&date_to=9999-12-31"))
        answer = parent.get(f"{path}?date_from=bad&child_id=999999")
        assert_refused(answer, 400, "Invalid date format: Invalid isoformat string: 'bad'")
        answer = parent.get(f"{path}?date_from=2026-11-22&date_to=2026-11-21&child_id=999999")
        assert_refused(answer, 404, "Child not found or does not belong to your family")

    def test_parents_only(self, people):
        _, child = people.family()
        assert_refused(child.get(SUMMARY + "?date_from=bad"), 403, "Only parents can access allowance summaries")
        for path in (SUMMARY, EXPORT):
            assert faults(child.get(path + "?child_id=x"))[0][0] == "int_parsing"

    def test_nobodys_family_is_empty(self, people):
        body = assert_answer(people.parent().get(SUMMARY))
        assert list(body["family_summary"].values())[:6] == [0, 0.0, 0.0, 0.0, 0, None]
        assert body["child_summaries"] == []


class TestExport:
    def test_csv(self, people, money):
        parent, idle, busy = money
        people.sql("UPDATE users SET username = '=1+1' || id WHERE id = %s", idle.id)
        people.sql("""UPDATE users SET username = 'say "hi", ' || id WHERE id = %s""", busy.id)
        body = assert_answer(parent.get(EXPORT))
        assert list(body) == ["content", "content_type", "filename"]
        assert body["content_type"] == "text/csv"
        assert re.match(r"^allowance_summary_\d{8}_\d{6}\.csv$", body["filename"])
        lines = body["content"].split("\r\n")
        assert lines[0] == "Child Name,Completed Chores,Total Earned,Total Adjustments,Balance Due,Pending Value,Last Activity"
        assert lines[1] == f"'=1+1{idle.id},0,0.00,0.00,0.00,0.00,"
        assert lines[2].startswith(f'"say ""hi"", {busy.id}",1,5.25,-1.25,4.00,2.50,')
        assert lines[2].endswith("+00:00")
        assert lines[3:] == ["", "FAMILY TOTALS,,,,,,", "All Children,1,5.25,-1.25,4.00,,", ""]

    def test_json_is_what_python_would_write(self, people, money):
        parent, idle, _ = money
        people.sql("UPDATE users SET username = 'ü😀' || id WHERE id = %s", idle.id)
        body = assert_answer(parent.get(EXPORT + "?format=JSON"))
        assert body["content_type"] == "application/json"
        assert body["filename"].endswith(".json")
        content = json.loads(body["content"])
        assert body["content"] == json.dumps(content, indent=2)
        assert re.match(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?$", content["family_summary"]["period_end"])
        assert content["child_summaries"][0]["last_activity_date"].endswith("+00:00")
        assert '"child_summaries": []' in assert_answer(people.parent().get(EXPORT + "?format=json"))["content"]

    def test_other_formats_come_last(self, people, money):
        parent = money[0]
        text = "Unsupported export format. Use 'csv' or 'json'"
        for value in ("xml", ""):
            assert_refused(parent.get(f"{EXPORT}?format={value}"), 400, text)
        answer = parent.get(EXPORT + "?format=xml&child_id=999999")
        assert_refused(answer, 404, "Child not found or does not belong to your family")
        _, child = people.family()
        assert_refused(child.get(EXPORT + "?format=xml"), 403, "Only parents can export reports")


class TestHistory:
    def test_entries_newest_first(self, people):
        parent, co_parent, child = people.family(parents=2)
        chore = earn(parent, child, reward=3.33)
        adjustment = adjust(co_parent, child, "2.00", "well done")
        for person in (parent, co_parent, child):
            newest, oldest = assert_answer(person.get(f"{HISTORY}/{child.id}"))
            assert list(newest) == ["type", "date", "amount", "description", "adjustment_id", "reason"]
            assert (newest["type"], newest["amount"], newest["adjustment_id"]) == ("adjustment", 2.0, adjustment)
            assert (newest["description"], newest["reason"]) == ("Adjustment: well done", "well done")
            assert list(oldest) == ["type", "date", "amount", "description", "chore_id", "chore_title", "assignment_id"]
            assert (oldest["type"], oldest["amount"]) == ("chore_earning", 3.33)
            assert (oldest["chore_id"], oldest["description"]) == (chore["id"], "Completed chore: Dishes")
            assert newest["date"].endswith("+00:00")
        assert len(assert_answer(child.get(f"{HISTORY}/{child.id}?limit=1"))) == 1

    def test_a_deleted_chore_is_remembered(self, people):
        parent, child = people.family()
        chore = earn(parent, child)
        parent.delete(f"/chores/{chore['id']}")
        (entry,) = assert_answer(child.get(f"{HISTORY}/{child.id}"))
        assert (entry["type"], entry["chore_title"], entry["chore_id"], entry["amount"]) == ("chore_earning", "Dishes", None, 5.0)

    def test_checks_in_their_order(self, people):
        parent, child, sibling = people.family(children=2)
        stranger = people.parent()
        missing = "Child not found or does not belong to parent"
        assert faults(parent.get(f"{HISTORY}/x?limit=0"))[0][:2] == ("int_parsing", ["path", "child_id"])
        assert faults(parent.get(f"{HISTORY}/1?limit=201"))[0][0] == "less_than_equal"
        for person, child_id in ((parent, 999999), (parent, 2147483648), (parent, parent.id), (stranger, child.id)):
            assert_refused(person.get(f"{HISTORY}/{child_id}?date_from=bad"), 404, missing)
        text = "Children can only view their own reward history"
        assert_refused(child.get(f"{HISTORY}/{sibling.id}?date_from=bad"), 403, text)
        answer = child.get(f"{HISTORY}/{child.id}?date_from=0000-01-01")
        assert_refused(answer, 400, "Invalid date format: year 0 is out of range")
        nowhere = "0001-01-01T00:00%2B01:00"  # in UTC no year that PostgreSQL could read
        for dates in (f"date_from={nowhere}", f"date_from={nowhere}&date_to=bad"):
            answer = child.get(f"{HISTORY}/{child.id}?{dates}")
            assert_refused(answer, 400, "Invalid date format: date value out of range")
        assert_refused(stranger.get(f"{HISTORY}/{child.id}?date_from={nowhere}"), 404, missing)
        assert child.get(f"{HISTORY}/{child.id}?date_from=2026-02-02&date_to=2026-02-01").text == "[]"
