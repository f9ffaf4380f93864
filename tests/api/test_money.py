"""Every figure of a random history, recomputed from the rows.

Two households live for some months: chores of all kinds are made, done,
approved, rejected, deleted, bonuses and penalties given. What the rows must
hold is told by what was asked; every balance, report and statistic must then
follow from the rows, computed here with exact decimals.
"""

import csv
import datetime
import io
import random
from decimal import ROUND_HALF_UP, Decimal

import pytest

from support.answers import assert_answer
from support.days import Days
from support.people import People

CENT = Decimal("0.01")
ACTIONS = 250


def cents(reward):
    """What the ledger gets for a reward: its exact binary value, halves up."""
    return Decimal(reward).quantize(CENT, ROUND_HALF_UP)


def figure(amount):
    """A sum as it travels: the nearest double of the exact decimal."""
    return float(amount)


def total(amounts):
    return sum(amounts, Decimal(0))


class History:
    """Lives at random and writes down what must have come of it."""

    def __init__(self, people, seed):
        self.people = people
        self.random = random.Random(seed)
        mum, dad, *children = people.family(children=3, parents=2)
        single = people.parent()
        self.parents = [mum, dad, single]
        self.children = {mum: children, dad: children, single: [people.child(single) for _ in range(2)]}
        self.everybody = [mum, dad, *children, single, *self.children[single]]
        self.days = Days(people, self.everybody)
        self.chores = []  # (maker, chore)
        self.ledger = []  # (child id, amount, reason) of each row, in order

    def live(self):
        actions = [self.make, self.make, self.do, self.do, self.do, self.do, self.review, self.review, self.review,
                   self.review, self.adjust, self.drop, self.wait]  # fmt: skip
        for _ in range(ACTIONS):
            self.random.choice(actions)()

    def some_reward(self):
        return self.random.choice([
            self.random.uniform(0, 20), round(self.random.uniform(0, 20), 2), self.random.randrange(160) / 8,
            self.random.randrange(10), 0, 999.995, 1.005, 0.1,
        ])  # fmt: skip

    def make(self):
        parent = self.random.choice(self.parents)
        children = self.children[parent]
        mode = self.random.choice(["single", "multi_independent", "unassigned"])
        count = {"single": 1, "multi_independent": self.random.randint(1, len(children)), "unassigned": 0}[mode]
        low, high = sorted([self.some_reward(), self.some_reward()])
        body = {
            "title": f"Chore {len(self.chores)}", "reward": self.some_reward(), "assignment_mode": mode,
            "assignee_ids": [c.id for c in self.random.sample(children, count)],
            "is_recurring": self.random.random() < 0.6, "cooldown_days": self.random.choice([0, 0, 1, 7]),
            "is_range_reward": self.random.random() < 0.3, "min_reward": low, "max_reward": high,
        }  # fmt: skip
        self.chores.append((parent, assert_answer(parent.post("/chores", body), 201)))

    def do(self):
        """One child does some of what it may."""
        child = self.random.choice(self.children[self.random.choice(self.parents)])
        body = assert_answer(child.get("/chores/available"))
        entries = body["assigned"] + body["pool"]
        for entry in self.random.sample(entries, min(3, len(entries))):
            assert_answer(child.post(f"/chores/{entry['chore']['id']}/complete"))

    def review(self):
        parent = self.random.choice(self.parents)
        entries = assert_answer(parent.get("/chores/pending-approval"))
        for entry in self.random.sample(entries, min(2, len(entries))):
            path = f"/assignments/{entry['assignment_id']}"
            if self.random.random() < 0.2:
                assert_answer(parent.post(f"{path}/reject", {"rejection_reason": "not yet"}))
                continue
            chore = entry["chore"]
            paid, body = chore["reward"], {}
            if chore["is_range_reward"]:
                paid = self.random.choice([chore["min_reward"], chore["max_reward"]])
                body = {"reward_value": paid}
            answer = assert_answer(parent.post(f"{path}/approve", body))
            self.ledger.append((entry["assignee"]["id"], cents(paid), f"Approved chore: {chore['title']}"))
            assert Decimal(answer["reward_adjustment"]["amount"]) == self.ledger[-1][1]
            assert answer["final_reward"] == paid

    def adjust(self):
        parent = self.random.choice(self.parents)
        child = self.random.choice(self.children[parent])
        amount = Decimal(self.random.randrange(-1500, 1500) or 1) / 100
        body = {"child_id": child.id, "amount": str(amount), "reason": "a reason"}
        answer = parent.post("/adjustments/", body)
        balance = total(a for c, a, _ in self.ledger if c == child.id)
        if amount < 0 and balance + amount < 0:
            text = "Adjustment would result in negative balance. Current balance: $"
            assert assert_answer(answer, 400)["detail"].startswith(text)
        else:
            assert_answer(answer, 201)
            self.ledger.append((child.id, amount, "a reason"))

    def drop(self):
        """Delete a chore, or turn one off or on."""
        if not self.chores:
            return
        parent, chore = self.random.choice(self.chores)
        if self.random.random() < 0.4:
            self.chores.remove((parent, chore))
            assert parent.delete(f"/chores/{chore['id']}").status_code == 204
        else:
            assert parent.put(f"/chores/{chore['id']}", {"is_disabled": self.random.random() < 0.3}).status_code in (200, 400)

    def wait(self):
        self.days.pass_by(days=self.random.randrange(10), hours=self.random.randrange(24))


class Rows:
    """All rows of some children, and what follows from them."""

    def __init__(self, people, children):
        ids = [child.id for child in children]
        self.ledger = people.sql(
            "SELECT id, child_id, amount, reason, kind, created_at, assignment_id FROM reward_adjustments"
            " WHERE child_id = ANY(%s) ORDER BY id", ids)  # fmt: skip
        rows = people.sql(
            "SELECT a.id, a.assignee_id, a.is_completed, a.is_approved, a.completion_date, a.updated_at, a.created_at,"
            " a.approval_reward, c.reward, c.is_range_reward FROM chore_assignments a JOIN chores c ON c.id = a.chore_id"
            " WHERE a.assignee_id = ANY(%s)", ids)  # fmt: skip
        names = ("id", "child", "completed", "approved", "completion_date", "updated_at", "created_at", "paid", "reward", "is_range")
        self.assignments = {row[0]: dict(zip(names, row)) for row in rows}
        self.last = {row[6]: row[0] for row in self.ledger if row[4] == "approval"}

    def approvals(self):
        """(child, amount, its ledger row's moment, its assignment if there still, whether that is the last)"""
        for number, child, amount, _, kind, created_at, assignment in self.ledger:
            if kind == "approval":
                row = self.assignments.get(assignment)
                standing = row is not None and row["approved"] and self.last[assignment] == number
                yield child, amount, created_at, row, standing

    def manual(self):
        return [(child, amount, at) for _, child, amount, _, kind, at, _ in self.ledger if kind == "manual"]

    def pending(self, rows):
        return total(Decimal(f"{r['reward']:.15g}") for r in rows if not r["approved"] and not r["is_range"])

    def summary(self, child, start=None, end=None):
        """earned, adjusted, balance, pending, completed, last activity; by when work was assigned."""
        def within(moment):
            return (start is None or moment >= start) and (end is None or moment < end)

        earned = total(amount for c, amount, at, row, _ in self.approvals()
                       if c == child.id and within(at if row is None else row["created_at"]))  # fmt: skip
        adjusted = total(amount for c, amount, at in self.manual() if c == child.id and within(at))
        work = [r for r in self.assignments.values() if r["child"] == child.id and r["completed"] and within(r["created_at"])]
        completed = sum(r["approved"] for r in work)
        newest = max((r["updated_at"] for r in work if r["approved"]), default=None)
        return earned, adjusted, earned + adjusted, self.pending(work), completed, newest

    def period(self, start, end, children):
        """completed chores, earned, adjusted, active children between two days."""
        ids = {c.id for c in children}
        done = [
            (child, amount) for child, amount, at, row, standing in self.approvals()
            if child in ids and start <= (row["completion_date"] if standing else at).date() < end
        ]  # fmt: skip
        adjusted = total(amount for child, amount, at in self.manual() if child in ids and start <= at.date() < end)
        return len(done), total(amount for _, amount in done), adjusted, len({child for child, _ in done})


@pytest.fixture(scope="module", params=[1, 20261127])
def history(request, server):
    people = People(server)
    people.sql("SET timezone = 'UTC'")
    history = History(people, request.param)
    before = server.metrics()
    history.live()
    history.moved = server.metrics()("rewards_paid_total") - before("rewards_paid_total")
    history.rows = Rows(people, [p for p in history.everybody if not p.is_parent])
    yield history
    people.close()


@pytest.fixture(params=["family", "single"])
def household(request, history):
    """A parent, its children by name, the rows."""
    parent = history.parents[0 if request.param == "family" else 2]
    children = sorted(history.children[parent], key=lambda c: c.username if request.param == "family" else c.id)
    return parent, children, history.rows


def test_something_has_happened(history):
    """A history of nothing would prove nothing."""
    rows = history.rows
    kinds = [row[4] for row in rows.ledger]
    assert kinds.count("approval") > 40
    assert kinds.count("manual") > 5
    assert any(not standing and row is not None for _, _, _, row, standing in rows.approvals())
    assert any(row is None for _, _, _, row, _ in rows.approvals())
    assert {r["approved"] for r in rows.assignments.values() if r["completed"]} == {True, False}


def test_the_ledger_is_what_was_asked_for(history):
    assert [(child, amount, reason) for _, child, amount, reason, *_ in history.rows.ledger] == history.ledger
    approved = total(amount for _, amount, reason in history.ledger if reason != "a reason")
    assert round(history.moved, 2) == figure(approved)


def test_no_balance_is_below_zero(history):
    for child in {child for child, _, _ in history.ledger}:
        assert total(a for c, a, _ in history.ledger if c == child) >= 0


def test_balances(household):
    parent, children, rows = household
    for child in children:
        earned, adjusted, balance, pending, *_ = rows.summary(child)
        assert assert_answer(child.get("/users/me/balance")) == {
            "balance": figure(balance), "total_earned": figure(earned), "adjustments": figure(adjusted), "paid_out": 0.0,
            "pending_chores_value": figure(pending)}  # fmt: skip
        sum_ = assert_answer(parent.get(f"/adjustments/total/{child.id}"))["total_adjustments"]
        assert Decimal(sum_) == balance


def test_allowances(household):
    parent, children, rows = household
    found = assert_answer(parent.get("/users/allowance-summary"))
    assert [c["id"] for c in found] == [c.id for c in children]
    for child, shown in zip(children, found):
        earned, adjusted, balance, _, completed, _ = rows.summary(child)
        assert list(shown.values()) == [
            child.id, child.username, completed, figure(earned), figure(adjusted), 0.0, figure(balance)]  # fmt: skip


def periods():
    """(query, bounds): all, open ends, days of the last months."""
    today = datetime.datetime.now(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    day = datetime.timedelta(days=1)
    found = [("", None, None)]
    for first, last in ((300, 100), (120, 30), (45, 0), (10, 3)):
        start, end = today - first * day, today - last * day
        found.append((f"date_from={start:%Y-%m-%d}", start, None))
        found.append((f"date_to={end:%Y-%m-%d}", None, end + day))
        found.append((f"date_from={start:%Y-%m-%d}&date_to={end:%Y-%m-%d}", start, end + day))
    return found


@pytest.mark.parametrize(("query", "start", "end"), periods(), ids=lambda v: v if isinstance(v, str) else "")
def test_reports(household, query, start, end):
    parent, children, rows = household
    body = assert_answer(parent.get(f"/reports/allowance-summary?{query}"))
    sums = {c.id: rows.summary(c, start, end) for c in children}
    for child, shown in zip(children, body["child_summaries"], strict=True):
        earned, adjusted, balance, pending, completed, newest = sums[child.id]
        assert list(shown.values())[:8] == [
            child.id, child.username, completed, figure(earned), figure(adjusted), 0.0, figure(balance), figure(pending)]  # fmt: skip
        newest_shown = shown["last_activity_date"]
        assert (newest_shown and datetime.datetime.fromisoformat(newest_shown)) == newest
    family = [total(s[i] for s in sums.values()) for i in range(3)]
    done = sum(s[4] for s in sums.values())
    assert list(body["family_summary"].values())[:5] == [len(children), *map(figure, family), done]

    text = assert_answer(parent.get(f"/reports/export/allowance-summary?{query}"))["content"]
    lines = list(csv.reader(io.StringIO(text)))
    for child, line in zip(children, lines[1 : len(children) + 1], strict=True):
        earned, adjusted, balance, pending, completed, _ = sums[child.id]
        assert line[:6] == [child.username, str(completed), *(f"{figure(v):.2f}" for v in (earned, adjusted, balance, pending))]
    assert lines[-1] == ["All Children", str(done), *(f"{figure(v):.2f}" for v in family), "", ""]


def test_histories(household):
    parent, children, rows = household
    for child in children:
        found = assert_answer(parent.get(f"/reports/reward-history/{child.id}?limit=200"))
        assert len(found) < 200
        expected = [("chore_earning", figure(amount), row["updated_at"] if standing else at)
                    for c, amount, at, row, standing in rows.approvals() if c == child.id]  # fmt: skip
        expected += [("adjustment", figure(amount), at) for c, amount, at in rows.manual() if c == child.id]
        shown = [(e["type"], e["amount"], datetime.datetime.fromisoformat(e["date"])) for e in found]
        assert sorted(shown) == sorted(expected)
        assert [at for _, _, at in shown] == sorted((at for _, _, at in expected), reverse=True)
        assert total(Decimal(str(e["amount"])) for e in found) == rows.summary(child)[2]


def weeks(count):
    today = datetime.datetime.now(datetime.UTC).date()
    first = today - datetime.timedelta(days=today.weekday())
    for n in range(count):
        start = first - datetime.timedelta(weeks=n)
        yield start, start + datetime.timedelta(weeks=1)


def months(count):
    today = datetime.datetime.now(datetime.UTC).date()
    for n in range(count):
        month = today.year * 12 + today.month - 1 - n
        yield datetime.date(month // 12, month % 12 + 1, 1), datetime.date((month + 1) // 12, (month + 1) % 12 + 1, 1)


def assert_periods(shown, spans, rows, children):
    """Each period's figures; the sums over all of them."""
    sums = [0, Decimal(0), Decimal(0)]
    for period, (start, end) in zip(shown, spans, strict=True):
        count, earned, adjusted, active = rows.period(start, end, children)
        assert [period[key] for key in ("completed_chores", "total_earned", "total_adjustments", "net_amount", "active_children")] == [
            count, figure(earned), figure(adjusted), figure(earned + adjusted), active]  # fmt: skip
        assert period["average_per_chore"] == pytest.approx(figure(earned) / count if count else 0.0)
        sums = [sums[0] + count, sums[1] + earned, sums[2] + adjusted]
    return [sums[0], figure(sums[1]), figure(sums[2])]


@pytest.mark.parametrize("alone", [False, True])
def test_statistics(household, alone):
    parent, children, rows = household
    query = f"&child_id={children[0].id}" if alone else ""
    children = children[:1] if alone else children
    for path, word, spans in (("weekly", "weeks", weeks), ("monthly", "months", months)):
        body = assert_answer(parent.get(f"/statistics/{path}-summary?{word}_back=12{query}"))
        sums = assert_periods(body[f"{path}_data"], spans(12), rows, children)
        assert list(body["summary"].values())[:4] == [*sums, sums[0] / 12]
    for period, spans in (("weekly", weeks(8)), ("monthly", months(6))):
        body = assert_answer(parent.get(f"/statistics/trends?period={period}{query}"))
        assert_periods(body["data_points"], spans, rows, children)
    for name, spans in (("this_vs_last_week", weeks(2)), ("this_vs_last_month", months(2))):
        body = assert_answer(parent.get(f"/statistics/comparison?compare_periods={name}{query}"))
        for key, (start, end) in zip(("current_period", "previous_period"), spans):
            count, earned, adjusted, _ = rows.period(start, end, children)
            assert list(body[key].values())[:3] == [count, figure(earned), figure(adjusted)]


def test_family_stats(history):
    mum = history.parents[0]
    rows = [r for r in history.rows.assignments.values() if r["child"] in {c.id for c in history.children[mum]}]
    body = assert_answer(mum.get("/families/stats"))
    earned = total(Decimal(f"{r['reward'] if r['paid'] is None else r['paid']:.15g}") for r in rows if r["approved"])
    assert body["total_rewards_earned"] == figure(earned)
    assert (body["completed_chores"], body["approved_chores"]) == (
        sum(r["completed"] for r in rows), sum(r["completed"] and r["approved"] for r in rows))  # fmt: skip


def test_children_with_their_chores(household):
    parent, children, rows = household
    found = assert_answer(parent.get("/users/my-children"))
    for child, shown in zip(children, found, strict=True):
        own = sorted((r for r in rows.assignments.values() if r["child"] == child.id), key=lambda r: r["id"])
        assert [(c["id"], c["reward"], c["is_completed"], c["is_approved"]) for c in shown["chores"]] == [
            (r["id"], r["reward"] if r["paid"] is None else r["paid"], r["completed"], r["approved"]) for r in own]  # fmt: skip
