"""Which business series each operation moves, and that it moves no other."""

import re

import pytest

from support.answers import assert_answer
from support.ground import ROOT
from support.people import PASSWORD, REGISTRATION_CODE, make_chore
from support.races import asks, at_once, statuses

COUNTERS = (
    "chores_created_total", "chores_completed_total", "chores_approved_total", "chores_rejected_total",
    "assignments_created_total", "assignments_claimed_total", "user_registrations_total", "user_logins_total",
    "user_login_failures_total", "families_created_total", "family_joins_total", "rewards_paid_total",
    "reward_adjustments_total", "reward_adjustments_amount_count", "reward_adjustments_amount_sum",
    "reward_adjustments_amount_bucket", "chore_completion_time_seconds_count",
)  # fmt: skip


class Page:
    """The business series of one moment after the other."""

    def __init__(self, server):
        self.server = server
        self._page = server.metrics()

    def moved(self):
        """{"name label": difference} since the last time."""
        before, self._page = self._page, self.server.metrics()
        found = {}
        for name in COUNTERS:
            for labels in self._page.series(name):
                difference = self._page(name, **labels) - (before.get(name, **labels) or 0)
                if difference:
                    found[" ".join([name, *(labels[key] for key in sorted(labels))])] = round(difference, 2)
        return found


@pytest.fixture
def page(server):
    return Page(server)


def complete(child, chore):
    return assert_answer(child.post(f"/chores/{chore['id']}/complete"))["assignment"]["id"]


class TestChores:
    @pytest.mark.parametrize(("count", "mode"), [(0, "unassigned"), (1, "single"), (3, "multi_independent")])
    def test_created_with_each_assignment(self, people, page, count, mode):
        parent, *children = people.family(children=3)
        page.moved()
        make_chore(parent, *children[:count])
        expected = {f"chores_created_total {mode}": 1}
        if count:
            expected[f"assignments_created_total {mode}"] = count
        assert page.moved() == expected

    def test_by_a_form(self, people, page):
        parent, child = people.family()
        assert_answer(parent.post("/chores", data={"title": "F", "assignee_id": child.id}), 201)
        assert page.moved() == {"chores_created_total single": 1, "assignments_created_total single": 1}

    def test_one_child_named_twice_is_one_assignment(self, people, page):
        parent, child = people.family()
        body = {"title": "T", "assignment_mode": "multi_independent", "assignee_ids": [child.id, child.id]}
        assert_answer(parent.post("/chores", body), 201)
        assert page.moved() == {
            "chores_created_total multi_independent": 1, "assignments_created_total multi_independent": 1}  # fmt: skip

    def test_reassigned(self, people, page):
        parent, first, second = people.family(children=2)
        chore = make_chore(parent, first, second)
        page.moved()
        assert_answer(parent.put(f"/chores/{chore['id']}", {"assignee_ids": [second.id, first.id]}))
        assert page.moved() == {"assignments_created_total multi_independent": 2}
        assert_answer(parent.put(f"/chores/{chore['id']}", {"title": "New"}))
        assert page.moved() == {}

    @pytest.mark.parametrize("mode", ["single", "multi_independent", "unassigned"])
    def test_from_the_first_try_to_the_second_cycle(self, people, page, mode):
        """Done, rejected, done, approved, done again: claimed but once."""
        parent, *children = people.family(children=2)
        children = children[: {"single": 1, "multi_independent": 2, "unassigned": 0}[mode]]
        chore = make_chore(parent, *children, reward=1.005, is_recurring=True)
        child = children[0] if children else people.child(parent)
        done = {f"chores_completed_total {mode}": 1, f"chore_completion_time_seconds_count {mode}": 1}
        claimed = {"assignments_claimed_total": 1} if mode == "unassigned" else {}
        page.moved()
        complete(child, chore)
        assert page.moved() == {**done, **claimed}
        assert_answer(parent.post(f"/chores/{chore['id']}/reject", {"rejection_reason": "no"}))
        assert page.moved() == {f"chores_rejected_total {mode}": 1}
        assignment = complete(child, chore)
        assert page.moved() == done
        assert_answer(parent.post(f"/assignments/{assignment}/approve"))
        assert page.moved() == {f"chores_approved_total {mode}": 1, "rewards_paid_total": 1}
        complete(child, chore)
        assert page.moved() == done
        assert_answer(parent.post(f"/assignments/{assignment}/reject", {"rejection_reason": "no"}))
        assert page.moved() == {f"chores_rejected_total {mode}": 1}

    @pytest.mark.parametrize(
        ("reward", "paid"), [(2.675, 2.67), (0.125, 0.13), (99.995, 100), (1000, 1000), (0, 0), (19.333, 19.33)]
    )
    def test_what_is_paid_is_what_the_ledger_got(self, people, page, reward, paid):
        parent, child = people.family()
        complete(child, chore := make_chore(parent, child, reward=reward))
        page.moved()
        assert_answer(parent.post(f"/chores/{chore['id']}/approve", {"reward_value": 7}))
        assert page.moved().get("rewards_paid_total", 0) == paid

    def test_what_is_refused_is_no_event(self, people, page):
        parent, child = people.family()
        stranger, foreign = people.family()
        chore, open_, pool = make_chore(parent, child), make_chore(parent, child), make_chore(parent)
        assignment = complete(child, chore)
        complete(child, pool)
        page.moved()
        reason = {"rejection_reason": "no"}
        for answer in (
            parent.post("/chores", {"title": "T"}), parent.post("/chores", {"title": "", "reward": -5}),
            child.post("/chores", {"title": "T"}), parent.post("/chores", {"title": "T", "assignee_ids": [999999]}),
            parent.put(f"/chores/{open_['id']}", {"assignee_ids": [foreign.id]}),
            child.post(f"/chores/{chore['id']}/complete"), child.post(f"/chores/{pool['id']}/complete"),
            foreign.post(f"/chores/{open_['id']}/complete"), parent.post(f"/chores/{open_['id']}/complete"),
            stranger.post(f"/assignments/{assignment}/approve"), child.post(f"/assignments/{assignment}/approve"),
            stranger.post(f"/assignments/{assignment}/reject", reason), parent.post(f"/chores/{open_['id']}/approve", {}),
            parent.post(f"/assignments/{assignment}/reject", {"rejection_reason": " "}),
            parent.post("/adjustments/", {"child_id": child.id, "amount": -1, "reason": "abc"}),
            stranger.post("/adjustments/", {"child_id": child.id, "amount": 1, "reason": "abc"}),
            child.post("/families/create", {}), parent.post("/families/create", {}),
            people.parent().post("/families/join", {"invite_code": "NOSUCHCO"}),
        ):  # fmt: skip
            assert 400 <= answer.status_code < 500
        assert page.moved() == {}

    def test_one_of_a_race_is_counted(self, people, page):
        parent, *children = people.family(children=2)
        pool = make_chore(parent, reward=3)
        page.moved()
        answers = at_once(*[asks(c, "POST", f"/chores/{pool['id']}/complete") for c in children * 4])
        assert statuses(answers) == [200] + [400] * 7
        assert page.moved() == {
            "chores_completed_total unassigned": 1, "assignments_claimed_total": 1,
            "chore_completion_time_seconds_count unassigned": 1}  # fmt: skip
        at_once(*[asks(parent, "POST", f"/chores/{pool['id']}/approve", {}) for _ in range(8)])
        assert page.moved() == {"chores_approved_total unassigned": 1, "rewards_paid_total": 3}

    def test_work_in_an_old_mode_is_no_new_series(self, people, page):
        """The original stored whatever mode a client sent."""
        parent, child = people.family()
        assignment = complete(child, chore := make_chore(parent, child))
        people.sql("UPDATE chores SET assignment_mode = 'banana' WHERE id = %s", chore["id"])
        page.moved()
        assert_answer(parent.post(f"/assignments/{assignment}/approve"))
        assert page.moved() == {"rewards_paid_total": 5}
        assert "banana" not in people.server.metrics().text


class TestMoney:
    @pytest.mark.parametrize(
        ("amount", "kind", "buckets"),
        [("5", "bonus", 6), ("-5.01", "penalty", 5), ("25", "bonus", 4), ("99.99", "bonus", 2), ("-100.01", "penalty", 1)],
    )
    def test_adjustments_by_their_size(self, people, page, amount, kind, buckets):
        parent, child = people.family()
        people.sql(
            "INSERT INTO reward_adjustments (child_id, parent_id, amount, reason) VALUES (%s, %s, 500, 'before')",
            child.id, parent.id)  # fmt: skip
        page.moved()
        assert_answer(parent.post("/adjustments/", {"child_id": child.id, "amount": amount, "reason": "abc"}), 201)
        bounds = ["5.0", "10.0", "25.0", "50.0", "100.0", "+Inf"][6 - buckets :]
        assert page.moved() == {
            f"reward_adjustments_total {kind}": 1, f"reward_adjustments_amount_count {kind}": 1,
            f"reward_adjustments_amount_sum {kind}": abs(float(amount)),
            **{f"reward_adjustments_amount_bucket {bound} {kind}": 1 for bound in bounds}}  # fmt: skip

    def test_approvals_are_no_adjustments(self, people, page):
        parent, child = people.family()
        complete(child, chore := make_chore(parent, child))
        page.moved()
        assert_answer(parent.post(f"/chores/{chore['id']}/approve", {}))
        assert page.moved() == {"chores_approved_total single": 1, "rewards_paid_total": 5}


class TestPeople:
    def test_accounts(self, people, page):
        assert people.register().status_code == 201
        assert page.moved() == {"user_registrations_total parent": 1}
        (parent,) = people.family(children=0)
        body = {"username": people.name("kid"), "password": PASSWORD}
        assert_answer(parent.post("/users/", body), 201)
        assert page.moved() == {"user_registrations_total child": 1}
        assert parent.post("/users/", body).status_code == 400
        body = {"username": people.name("mum"), "password": PASSWORD, "is_parent": True, "email": "a.mum@example.com",
                "registration_code": REGISTRATION_CODE}  # fmt: skip
        assert_answer(parent.post("/users/", body), 201)
        assert page.moved() == {"user_registrations_total parent": 1}

    def test_logins(self, people, page):
        parent, child = people.family()
        away = people.parent(is_active=False)
        assert people.log_in(parent.username).status_code == 200
        assert page.moved() == {"user_logins_total parent": 1}
        assert people.log_in(child.username).status_code == 200
        assert page.moved() == {"user_logins_total child": 1}
        for name, password in ((parent.username, "wrong"), ("nobody", PASSWORD), (away.username, PASSWORD), (away.username, "x")):
            assert people.log_in(name, password).status_code == 401
        assert page.moved() == {"user_login_failures_total": 4}
        with people.server.client() as client:
            assert client.post("/api/v1/users/login", data={"username": "x"}).status_code == 422
        assert page.moved() == {}

    def test_families(self, people, page):
        code = assert_answer(people.parent().post("/families/create", {}), 201)["invite_code"]
        assert page.moved() == {"families_created_total": 1}
        joiner = people.parent()
        assert_answer(joiner.post("/families/join", {"invite_code": code}))
        assert page.moved() == {"family_joins_total": 1}
        assert joiner.post("/families/join", {"invite_code": code}).status_code == 400
        assert page.moved() == {}


def test_every_business_counter_is_here():
    """What metrics.def has before its errors, but the gauges."""
    table = (ROOT / "src" / "metrics" / "metrics.def").read_text()
    table = table[table.index("/* chores */") : table.index("/* errors */")]
    names = set(re.findall(r"^COUNTER\((\w+)", table, re.M))
    names |= {f"{name}_count" for name in re.findall(r"^HISTOGRAM\((\w+)", table, re.M)}
    assert names <= set(COUNTERS)


class TestCompletionTime:
    """From the beginning of what was done: docs/monitoring.md, "All metrics"."""

    BOUNDS = ["3600.0", "43200.0", "86400.0", "259200.0", "604800.0", "1.2096e+06", "+Inf"]

    def observed(self, people, mode, run):
        """(seconds in all, bounds whose bucket rose) of one completion."""
        before = people.server.metrics()
        run()
        after = people.server.metrics()
        name = "chore_completion_time_seconds"

        def rose(part, **labels):
            return after(f"{name}_{part}", mode=mode, **labels) - (before.get(f"{name}_{part}", mode=mode, **labels) or 0)

        assert rose("count") == 1
        risen = [labels["le"] for labels in after.series(f"{name}_bucket")
                 if labels["mode"] == mode and rose("bucket", le=labels["le"])]  # fmt: skip
        return rose("sum"), sorted(risen, key=float)

    @pytest.mark.parametrize(("hours", "buckets"), [(0, 7), (2, 6), (13, 5), (70, 4), (160, 3), (300, 2), (400, 1)])
    def test_the_buckets(self, people, hours, buckets):
        parent, child = people.family()
        chore = make_chore(parent, child)
        people.sql("UPDATE chore_assignments SET created_at = created_at - make_interval(hours => %s) WHERE chore_id = %s",
                   hours, chore["id"])  # fmt: skip
        seconds, risen = self.observed(people, "single", lambda: complete(child, chore))
        assert seconds == pytest.approx(hours * 3600, abs=30)
        assert list(map(float, risen)) == list(map(float, self.BOUNDS[7 - buckets :]))

    def test_of_a_redone_claim_it_begins_with_the_claim(self, people):
        parent, child = people.family()
        pool = make_chore(parent)
        complete(child, pool)
        parent.post(f"/chores/{pool['id']}/reject", {"rejection_reason": "no"})
        people.sql("UPDATE chores SET created_at = created_at - interval '9 days' WHERE id = %s", pool["id"])
        people.sql("UPDATE chore_assignments SET created_at = created_at - interval '5 hours' WHERE chore_id = %s", pool["id"])
        seconds, _ = self.observed(people, "unassigned", lambda: complete(child, pool))
        assert seconds == pytest.approx(5 * 3600, abs=30)

    def test_it_is_never_negative(self, people):
        """Clocks and hands have been known to move rows into the future."""
        parent, child = people.family()
        chore = make_chore(parent, child)
        people.sql("UPDATE chore_assignments SET created_at = created_at + interval '5 hours' WHERE chore_id = %s", chore["id"])
        assert self.observed(people, "single", lambda: complete(child, chore)) == (0, self.BOUNDS)
