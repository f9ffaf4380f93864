"""Statistics: weeks, months, trends, comparisons."""

import datetime

import pytest

from support.answers import assert_answer, assert_refused, faults

WEEKLY, MONTHLY = "/statistics/weekly-summary", "/statistics/monthly-summary"
TRENDS, COMPARISON = "/statistics/trends", "/statistics/comparison"
PERIOD_KEYS = ["completed_chores", "total_earned", "total_adjustments", "net_amount", "active_children", "average_per_chore"]


def today():
    return datetime.datetime.now(datetime.UTC).date()


def monday(weeks_ago):
    return today() - datetime.timedelta(days=today().weekday() + 7 * weeks_ago)


def first_of_month(months_ago):
    month = today().year * 12 + today().month - 1 - months_ago
    return datetime.date(month // 12, month % 12 + 1, 1)


@pytest.fixture
def pay(people):
    """pay(child, parent, amount, date): an approved assignment of that day."""

    def pay(child, parent, amount, date):
        chore = people.sql(
            "INSERT INTO chores (title, description, reward, creator_id) VALUES ('T', '', %s, %s) RETURNING id",
            amount, parent.id)[0][0]  # fmt: skip
        assignment = people.sql(
            "INSERT INTO chore_assignments (chore_id, assignee_id, is_completed, is_approved, completion_date,"
            " approval_date, approval_reward) VALUES (%s, %s, true, true, %s, now(), %s) RETURNING id",
            chore, child.id, date, amount)[0][0]  # fmt: skip
        people.sql(
            "INSERT INTO reward_adjustments (child_id, parent_id, amount, reason, kind, assignment_id)"
            " VALUES (%s, %s, %s, 'Approved chore: T', 'approval', %s)", child.id, parent.id, amount, assignment)  # fmt: skip

    return pay


def at(date):
    return datetime.datetime.combine(date, datetime.time(12), datetime.UTC)


class TestWeekly:
    def test_weeks_newest_first(self, people, pay):
        parent, co_parent, first, second = people.family(children=2, parents=2)
        for _ in range(2):
            pay(first, parent, 3.5, at(monday(0)))
        pay(second, co_parent, 10, at(monday(1) + datetime.timedelta(days=6)))
        parent.post("/adjustments/", {"child_id": first.id, "amount": "0.3", "reason": "abc"})
        for person in (parent, co_parent):
            answer = person.get(WEEKLY + "?weeks_back=2")
            body = assert_answer(answer)
            assert list(body) == ["weeks_analyzed", "weekly_data", "summary"]
            assert [list(w) for w in body["weekly_data"]] == [["week_start", "week_end", *PERIOD_KEYS]] * 2
            assert list(body["weekly_data"][0].values()) == [
                str(monday(0)), str(monday(0) + datetime.timedelta(days=6)), 2, 7.0, 0.3, 7.3, 1, 3.5]  # fmt: skip
            assert list(body["weekly_data"][1].values())[2:] == [1, 10.0, 0.0, 10.0, 1, 10.0]
            assert list(body["summary"]) == ["total_chores", "total_earned", "total_adjustments", "average_per_week", "trend_direction"]
            assert list(body["summary"].values()) == [3, 17.0, 0.3, 1.5, "increasing"]
        body = assert_answer(parent.get(f"{WEEKLY}?child_id={first.id}"))
        assert (body["weeks_analyzed"], body["summary"]["total_chores"]) == (4, 2)

    def test_an_empty_week(self, people):
        assert people.parent().get(WEEKLY + "?weeks_back=1").text == (
            f'{{"weeks_analyzed":1,"weekly_data":[{{"week_start":"{monday(0)}","week_end":"{monday(0) + datetime.timedelta(days=6)}",'
            '"completed_chores":0,"total_earned":0.0,"total_adjustments":0.0,"net_amount":0.0,"active_children":0,"average_per_chore":0.0}],'
            '"summary":{"total_chores":0,"total_earned":0.0,"total_adjustments":0.0,"average_per_week":0.0,"trend_direction":"stable"}}'
        )


class TestMonthly:
    def test_calendar_months(self, people, pay):
        parent, child = people.family()
        pay(child, parent, 2, at(first_of_month(2)))
        body = assert_answer(parent.get(MONTHLY + "?months_back=12"))
        assert list(body) == ["months_analyzed", "monthly_data", "summary"]
        assert [list(m) for m in body["monthly_data"]] == [["month", "year", "month_number", *PERIOD_KEYS]] * 12
        expected = [first_of_month(n) for n in range(12)]
        assert [(m["month"], m["year"], m["month_number"]) for m in body["monthly_data"]] == [
            (d.strftime("%B %Y"), d.year, d.month) for d in expected]  # fmt: skip
        assert [m["completed_chores"] for m in body["monthly_data"]] == [0, 0, 1] + [0] * 9
        assert list(body["summary"]) == ["total_chores", "total_earned", "total_adjustments", "average_per_month", "trend_direction"]


class TestTrends:
    def test_time_runs_forwards(self, people, pay):
        parent, child = people.family()
        counts = [7, 6, 5, 4, 3, 2, 1, 1]  # newest first
        for weeks_ago, count in enumerate(counts):
            for _ in range(count):
                pay(child, parent, 1, at(monday(weeks_ago)))
        body = assert_answer(parent.get(TRENDS + "?period=weekly"))
        assert list(body) == [
            "period", "periods_analyzed", "chore_completion_trend", "earnings_trend", "insights", "data_points"]  # fmt: skip
        assert (body["period"], body["periods_analyzed"], len(body["data_points"])) == ("weekly", 8, 8)
        assert body["chore_completion_trend"] == body["earnings_trend"] == {
            "direction": "increasing", "growth_rate": 600.0, "consistency_score": 41.5825022548365}  # fmt: skip
        assert body["insights"] == [
            "Chore completion is trending upward over the past weeklys",
            "Family earnings are growing steadily over the past weeklys",
            "Chore completion varies significantly - consider setting regular goals",
        ]

    def test_nothing_is_consistent(self, people):
        body = assert_answer(people.parent().get(TRENDS))
        assert (body["period"], body["periods_analyzed"]) == ("monthly", 6)
        assert body["chore_completion_trend"] == {"direction": "stable", "growth_rate": 0.0, "consistency_score": 100.0}
        assert body["insights"] == ["Chore completion shows excellent consistency"]


class TestComparison:
    @pytest.mark.parametrize(
        ("name", "before"),
        [
            ("this_vs_last_week", monday(1)),
            ("this_vs_last_month", first_of_month(1)),
            ("current_vs_previous_quarter", first_of_month((today().month - 1) % 3 + 1)),
        ],
    )
    def test_real_figures(self, people, pay, name, before):
        parent, child = people.family()
        pay(child, parent, 10, at(today()))
        for _ in range(2):
            pay(child, parent, 10, at(before))
        body = assert_answer(parent.get(f"{COMPARISON}?compare_periods={name}"))
        assert list(body) == ["comparison_type", "current_period", "previous_period", "changes", "insights"]
        assert body["comparison_type"] == name
        assert body["current_period"] == {
            "completed_chores": 1, "total_earned": 10.0, "total_adjustments": 0.0, "period_label": None}  # fmt: skip
        assert body["previous_period"]["completed_chores"] == 2
        assert body["changes"] == {"chores_change": -50.0, "earnings_change": -50.0, "adjustments_change": 0.0}
        assert body["insights"] == [
            "Chore completion decreased by 50.0% - consider reviewing goals", "Family earnings decreased by 50.0%"]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (WEEKLY, "Only parents can access weekly statistics"),
        (MONTHLY, "Only parents can access monthly statistics"),
        (TRENDS, "Only parents can access trend analysis"),
        (COMPARISON, "Only parents can access comparison statistics"),
    ],
)
class TestWho:
    def test_parents_and_their_own_children_only(self, people, path, text):
        parent, child = people.family()
        stranger = people.parent()
        assert faults(child.get(path + "?child_id=x"))[0][0] == "int_parsing"
        assert_refused(child.get(path + "?child_id=999999"), 403, text)
        for person, child_id in ((stranger, child.id), (parent, 999999), (parent, 2147483648)):
            assert_refused(person.get(f"{path}?child_id={child_id}"), 404, "Child not found")
        for child_id in (child.id, 0):
            assert parent.get(f"{path}?child_id={child_id}").status_code == 200


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        (WEEKLY + "?weeks_back=0", "greater_than_equal"),
        (WEEKLY + "?weeks_back=13", "less_than_equal"),
        (MONTHLY + "?months_back=13", "less_than_equal"),
        (TRENDS + "?period=daily", "string_pattern_mismatch"),
        (TRENDS + "?period=weekly%0A", "string_pattern_mismatch"),
        (TRENDS + "?period=", "string_pattern_mismatch"),
        (COMPARISON + "?compare_periods=x", "string_pattern_mismatch"),
    ],
)
def test_faults(people, query, kind):
    assert faults(people.parent().get(query))[0][0] == kind
