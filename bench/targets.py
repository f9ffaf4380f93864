"""What we want to be, and whether we are: TARGETS is judged from whatever a run has measured."""

import dataclasses
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Target:
    """
    text     as shown
    measure  of the results; None if the run did not measure it
    bound    the value that is wanted
    at_most  whether it is the most or the least that will do
    """

    text: str
    measure: Callable
    bound: float
    at_most: bool = False

    def judge(self, results):
        """[target, measured, verdict], or None."""
        value = self.measure(results)
        if value is None:
            return None
        met = value <= self.bound if self.at_most else value >= self.bound
        return [self.text, f"{value:.2f}", "met" if met else "not met"]


def _ratio(work, listener, connections, peer):
    """Requests a second, ours to the peer's."""

    def measure(results):
        row = results.row(work, listener, connections, peer)
        return row and row.ratio[0]

    return measure


def _plain_to_tls(results):
    plain, tls = (results.row("me", listener, 32) for listener in ("plain", "tls"))
    return plain and tls and (plain.own_us + plain.database_us) / (tls.own_us + tls.database_us)


def _row(work, listener, connections, value):
    def measure(results):
        row = results.row(work, listener, connections)
        return row and value(row)

    return measure


def _probe(what):
    return lambda results: results.probe(what)


TARGETS = (
    Target("users/me, plain: at least 1.0 of pgbench", _ratio("me", "plain", 32, "pgbench"), 1.0),
    Target("users/me, plain: at least 1.2 of Rust", _ratio("me", "plain", 32, "rust"), 1.2),
    Target("users/me, plain: at least 2.5 of Go", _ratio("me", "plain", 32, "go"), 2.5),
    Target("users/me, plain: at least 80 of FastAPI", _ratio("me", "plain", 32, "fastapi"), 80),
    Target("users/me, plain: our CPU at most 25 µs", _row("me", "plain", 32, lambda r: r.own_us), 25, at_most=True),
    Target("users/me: CPU by TLS at least 0.75 of plain's speed", _plain_to_tls, 0.75),
    Target("chores: at least 2 of Go", _ratio("chores", "plain", 32, "go"), 2),
    Target("chores: at least 15 of FastAPI", _ratio("chores", "plain", 32, "fastapi"), 15),
    Target("adjustments: at least 0.9 of pgbench", _ratio("adjustments", "plain", 32, "pgbench"), 0.9),
    Target("complete and approve: at least 0.9 of pgbench", _ratio("cycles", "plain", 32, "pgbench"), 0.9),
    Target("the same, fsync off", _ratio("cycles-fast", "plain", 32, "pgbench"), 0.9),
    Target("p99 at 70 % load at most 10 p50", _probe("open loop, p99 / p50"), 10, at_most=True),
    Target("the front door, plain: at least 0.97 of Kore's parser", _probe("door / Kore, plain, requests/s"), 0.97),
    Target("the front door, TLS: at least 0.97 of Kore's parser", _probe("door / Kore, tls, requests/s"), 0.97),
    Target("/metrics within 0.5 ms (p50)", _row("metrics", "plain", 1, lambda r: r.waits["p50"]), 0.5, at_most=True),
    Target("counter without labels within 10 ns", _probe("counter without labels"), 10, at_most=True),
    Target("counter with three labels within 10 ns", _probe("counter with three labels"), 10, at_most=True),
    Target("1,000 connections, plain: at most 40 MiB", _probe("memory, 1000 connections, plain"), 40, at_most=True),
    Target("1,000 connections, TLS: at most 40 MiB", _probe("memory, 1000 connections, tls"), 40, at_most=True),
    Target("at rest at most 1 wake-up a second and process", _probe("wake-ups, busiest process"), 1, at_most=True),
    Target("ready 2 s after ./dev run", _probe("ready after ./dev run"), 2, at_most=True),
)
