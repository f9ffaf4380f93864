"""Business metrics: each event once, after its commit, and gauges that tell the truth."""

import time

import pytest

from support.answers import assert_answer
from support.people import People, make_chore


@pytest.fixture
def fresh(start_server):
    server = start_server(GAUGE_REFRESH_S=1)
    people = People(server)
    yield server, people
    people.close()


def moved(before, after):
    """What changed between two scrapes: {(name, labels): difference}."""
    names = ("chores_created_total", "chores_completed_total", "chores_approved_total", "chores_rejected_total",
             "assignments_created_total", "assignments_claimed_total", "user_registrations_total", "user_logins_total",
             "user_login_failures_total", "families_created_total", "family_joins_total", "rewards_paid_total",
             "reward_adjustments_total")  # fmt: skip
    found = {}
    for name in names:
        for labels in after.series(name):
            difference = after(name, **labels) - (before.get(name, **labels) or 0)
            if difference:
                found[name, *labels.values()] = difference
    return found


def test_a_whole_story(fresh):
    server, people = fresh
    parent, child, sibling = people.family(children=2)
    page = server.metrics()

    def step():
        nonlocal page
        before, page = page, server.metrics()
        return moved(before, page)

    chore = make_chore(parent, child, sibling, reward=2.555)
    assert step() == {("chores_created_total", "multi_independent"): 1, ("assignments_created_total", "multi_independent"): 2}
    pool = make_chore(parent)
    assert step() == {("chores_created_total", "unassigned"): 1}
    child.post(f"/chores/{chore['id']}/complete")
    assert step() == {("chores_completed_total", "multi_independent"): 1}
    child.post(f"/chores/{chore['id']}/complete")
    assert step() == {}
    child.post(f"/chores/{pool['id']}/complete")
    assert step() == {("chores_completed_total", "unassigned"): 1, ("assignments_claimed_total",): 1}
    parent.post(f"/chores/{chore['id']}/approve", {})
    assert step() == {("chores_approved_total", "multi_independent"): 1, ("rewards_paid_total",): 2.56}
    parent.post(f"/chores/{pool['id']}/reject", {"rejection_reason": "no"})
    assert step() == {("chores_rejected_total", "unassigned"): 1}
    child.post(f"/chores/{pool['id']}/complete")
    assert step() == {("chores_completed_total", "unassigned"): 1}
    parent.post("/chores", {"title": ""})
    parent.post("/adjustments/", {"child_id": child.id, "amount": -999, "reason": "abc"})
    assert step() == {}
    assert people.register().status_code == 201
    assert step() == {("user_registrations_total", "parent"): 1}


class TestCompletionTime:
    def observed(self, server, before, mode):
        after = server.metrics()
        name = "chore_completion_time_seconds"
        count = after(f"{name}_count", mode=mode) - before(f"{name}_count", mode=mode)
        return count, after(f"{name}_sum", mode=mode) - before(f"{name}_sum", mode=mode)

    def test_from_the_assignment_to_its_completion(self, fresh):
        server, people = fresh
        parent, child = people.family()
        chore = make_chore(parent, child)
        people.sql("UPDATE chore_assignments SET created_at = created_at - interval '2 hours'")
        before = server.metrics()
        child.post(f"/chores/{chore['id']}/complete")
        count, total = self.observed(server, before, "single")
        assert (count, round(total / 60)) == (1, 120)
        metrics = server.metrics()
        assert metrics("chore_completion_time_seconds_bucket", mode="single", le="3600.0") == 0
        assert metrics("chore_completion_time_seconds_bucket", mode="single", le="43200.0") == 1

    def test_of_a_claim_from_the_chore_on(self, fresh):
        server, people = fresh
        parent, child = people.family()
        pool = make_chore(parent)
        people.sql("UPDATE chores SET created_at = created_at - interval '3 hours'")
        before = server.metrics()
        child.post(f"/chores/{pool['id']}/complete")
        assert round(self.observed(server, before, "unassigned")[1] / 60) == 180

    def test_of_a_cycle_from_the_end_of_the_cooldown_on(self, fresh):
        server, people = fresh
        parent, child = people.family()
        chore = make_chore(parent, child, is_recurring=True, cooldown_days=1)
        child.post(f"/chores/{chore['id']}/complete")
        parent.post(f"/chores/{chore['id']}/approve", {})
        people.sql("UPDATE chore_assignments SET approval_date = approval_date - interval '25 hours'")
        before = server.metrics()
        assert child.post(f"/chores/{chore['id']}/complete").status_code == 200
        assert round(self.observed(server, before, "single")[1] / 60) == 60


class TestGauges:
    def eventually(self, server, name, value):
        deadline = time.monotonic() + 10
        while server.metrics().get(name) != value:
            assert time.monotonic() < deadline, f"{name} is {server.metrics().get(name)}, not {value}"
            time.sleep(0.1)

    def test_pending_approvals_follow_every_change(self, fresh):
        server, people = fresh
        parent, child = people.family()
        chores = [make_chore(parent, child) for _ in range(3)]
        for number, chore in enumerate(chores):
            child.post(f"/chores/{chore['id']}/complete")
            self.eventually(server, "pending_approvals_count", number + 1)
        parent.post(f"/chores/{chores[0]['id']}/approve", {})
        self.eventually(server, "pending_approvals_count", 2)
        parent.delete(f"/chores/{chores[1]['id']}")
        self.eventually(server, "pending_approvals", 1)
        people.sql("UPDATE chore_assignments SET is_completed = false")
        self.eventually(server, "pending_approvals_count", 0)

    def test_they_are_right_after_a_restart(self, fresh):
        server, people = fresh
        parent, child = people.family()
        child.post(f"/chores/{make_chore(parent, child)['id']}/complete")
        server.restart()
        self.eventually(server, "pending_approvals_count", 1)
        self.eventually(server, "families_active_count", 1)
        people.sql("UPDATE users SET is_active = false WHERE is_parent")
        self.eventually(server, "families_active_count", 0)

    def test_who_waits_since_tomorrow_has_not_waited(self, fresh):
        """A database's clock may be set back."""
        server, people = fresh
        parent, child = people.family()
        child.post(f"/chores/{make_chore(parent, child)['id']}/complete")
        people.sql("UPDATE chore_assignments SET completion_date = now() + interval '1 day'")
        time.sleep(2.2)  # they are refreshed each second
        assert server.metrics()("pending_approvals_count") == 1
        assert server.metrics()("chores_pending_approvals_oldest_seconds") == 0

    def test_their_age_is_known(self, fresh):
        server, people = fresh
        self.eventually(server, "pending_approvals_count", 0)
        age = time.time() - server.metrics()("chores_database_gauges_refreshed_timestamp_seconds")
        assert 0 <= age < 5


def test_logins_of_both_listeners_and_all_workers_are_one_sum(fresh):
    server, people = fresh
    parent = people.parent()
    for n in range(12):
        with server.client(plain=n % 2 == 0) as client:
            form = {"username": parent.username, "password": "secret-password"}
            assert_answer(client.post("/api/v1/users/login", data=form))
    assert {server.metrics()("user_logins_total", role="parent") for _ in range(10)} == {12}
