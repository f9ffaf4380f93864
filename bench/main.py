"""./dev bench: the service beside its peers, on one machine, in turns.

Everything runs on the loopback address and is stopped at the end. A case is one work, pressed in one way; its
contestants take turns in several rounds, so that what else the machine does hits all of them, and a ratio is that of
two neighbours of a round.
"""

import argparse
import contextlib
import datetime
import pathlib
import re
import signal
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

import load  # noqa: E402
import report  # noqa: E402
from ground import BUILT, FAMILIES, Database, parent_id, token, write_statements  # noqa: E402
from peers import PEERS, Missing, Nginx, Ours  # noqa: E402
from probes import PROBES  # noqa: E402
from works import WORKS  # noqa: E402

PGBENCH = "pgbench"
RESULTS = HERE / "results"
REHEARSAL_SECONDS = 1
STOPPERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# A ratio of ours to a peer needs both done equally well.
COMPARED = ("http_requests_total", "http_requests_inprogress", "http_request_duration_seconds_bucket")


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__.splitlines()[0])
    names = [work.name for work in WORKS] + list(PROBES)
    peers = [peer.__name__.lower() for peer in PEERS] + [PGBENCH]
    add = parser.add_argument
    add("--full", action="store_true", help="all works, all ways, all measurements: about 40 minutes")
    add("--only", type=_some_of(names), metavar="NAMES", help=f"comma list of {', '.join(names)}; all their cases with --full")
    add("--peers", type=_some_of(peers), default=peers, metavar="NAMES", help=f"comma list of {', '.join(peers)}")
    add("--rounds", type=int, default=3, help="turns that each takes (3)")
    add("--seconds", type=int, default=2, help="length of a turn (2)")
    add("--nginx", type=pathlib.Path, default="nginx", help=argparse.SUPPRESS)
    add("--name", default=f"{datetime.datetime.now():%Y-%m-%d-%H%M}", help="of the files in bench/results/ (date and time)")
    return parser.parse_args()


def _some_of(names):
    def parse(text):
        chosen = [name for name in text.split(",") if name]
        for name in chosen:
            if name not in names:
                raise argparse.ArgumentTypeError(f"no {name!r}: there are {', '.join(names)}")
        return chosen

    return parse


class Run:
    """One run of the bench: what is up, and where everybody finds it."""

    def __init__(self, options, stack):
        self.options = options
        self.nginx = options.nginx
        self.statements = write_statements(BUILT / "sql")
        self._stack = stack
        self.database = stack.enter_context(Database())
        self.progress("filling the database")
        self.database_url = self.database.fill_families()
        self.ours = Ours(self)
        self.peers = {}
        self.skipped = []
        self._warm = set()

    def progress(self, text):
        """What is being done, on one line of a terminal."""
        if sys.stderr.isatty():
            print(f"\r\033[K{text[:100]}", end="", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)

    def end_progress(self):
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def start_ours(self):
        self.ours.start()
        self._stack.callback(self.ours.stop)

    def restart_ours(self, name=None, script=None, **numbers):
        """Ours again, on another database of that name or on the families'."""
        self.ours.stop()
        self.database_url = self.database.fill(name, script, **numbers) if name else self.database.url()
        self.ours.start()

    def start_peer(self, kind):
        """Build it, start it and see that it does the same as ours; or say why not."""
        peer = kind(self)
        if not is_wanted(self.options, peer):
            return
        peer.folder.mkdir(parents=True, exist_ok=True)
        self.progress(f"building {peer.name}")
        try:
            peer.build()
        except Missing as problem:
            self.skipped.append(f"skipped: {peer.name} {problem}")
            self.end_progress()
            print(self.skipped[-1], file=sys.stderr)
            return
        if isinstance(peer, Nginx):
            peer.body = self.ours.get("/").text
        self._stack.callback(peer.stop)
        self.progress(f"starting {peer.name}")
        peer.start()
        check_equal(self.ours, peer)
        self.peers[peer.name] = peer

    def warm_up_seconds(self, name, work, case):
        """Long for who has not done this before."""
        known = (name, work.name, case.listener) in self._warm
        self._warm.add((name, work.name, case.listener))
        return 1 if known else 3

    def peers_with_tls(self):
        return [self.ours, *self.peers.values()]


def is_wanted(options, peer):
    """Whether the peer was asked for and takes part in anything that was."""
    works = {work.path for work, _ in chosen_cases(options) if not work.only_ours}
    return peer.name in options.peers and (works & set(peer.serves) or chosen_probe(options, "handshakes"))


def check_equal(ours, peer):
    """The peer's answers are ours, and its metrics are there."""
    for path in peer.serves:
        for listener in peer.ports:
            if path == "/metrics":
                text = peer.get(path).text
                for name in COMPARED:
                    if not re.search(rf'^{name}{{.*handler="/api/v1/users/me"', text, re.M):
                        raise RuntimeError(f"{peer.name} has no {name} by handler")
                continue
            for family in (1, FAMILIES):
                who = token(parent_id(family))
                mine, theirs = ours.get(path, listener, who), peer.get(path, listener, who)
                if (mine.status_code, mine.json()) != (theirs.status_code, theirs.json()):
                    raise RuntimeError(f"{peer.name} answers {path} otherwise: {theirs.text[:500]}")
    if "/api/v1/users/me" in peer.serves:
        forged = token(parent_id(1))[:-2] + "AA"
        if peer.get("/api/v1/users/me", token=forged).status_code != 401:
            raise RuntimeError(f"{peer.name} takes a forged token")


def chosen_cases(options):
    """(work, case) in the order of the table."""
    found = []
    for work in WORKS:
        if options.only and work.name not in options.only:
            continue
        for case in work.cases:
            if options.full or case.quick or (options.only and not any(c.quick for c in work.cases)):
                found.append((work, case))
    return found


def chosen_probe(options, name):
    return name in options.only if options.only else options.full or PROBES[name][1]


def contestants(run, work, case):
    """name: its processes, and how it takes a turn of so many seconds under a meter."""
    requests = load.write_requests(work.name, work.requests())

    def turn_of(peer):
        return lambda seconds, meter: load.wrk(peer.url(case.listener), requests, case.connections, seconds)

    def statement(name, *values):
        text = (run.statements / f"{name}.sql").read_text()
        for number, value in enumerate(values, 1):
            plain = "NULL" if value is None else value if value.startswith("'") else f":{value}"
            text = re.sub(rf"\${number}\b", plain, text)
        return text.strip()

    def turn_of_pgbench(seconds, meter):
        script = work.script(statement)
        return load.pgbench(run.database_url, script, case.connections, seconds, work.batch, meter)

    found = {"ours": (run.ours.pids, turn_of(run.ours))}
    for name, peer in run.peers.items():
        if work.path in peer.serves and not work.only_ours:
            found[name] = (peer.pids, turn_of(peer))
    if work.script and PGBENCH in run.options.peers and case.listener == "plain" and case.connections <= 128:
        found[PGBENCH] = ([], turn_of_pgbench)
    return found


def measure_case(run, work, case, place):
    """All turns of a case: name: list of results."""
    everybody = contestants(run, work, case)
    turns = {name: [] for name in everybody}
    run.database.set_durable(work.durable)
    for round_number in range(run.options.rounds + 1):
        order = list(everybody)
        if round_number % 2:
            order.reverse()
        for name in order:
            what = f"{work.name}, {case.listener}, {case.connections} connections"
            run.progress(f"[{place}] {what}: {name}, round {round_number} of {run.options.rounds}")
            if work.writes:
                run.database.settle()
                if round_number:
                    rehearse(run, *everybody[name])
            seconds = run.options.seconds if round_number else run.warm_up_seconds(name, work, case)
            try:
                result = take_turn(run, *everybody[name], max(seconds, work.least_s))
            except load.Broken as problem:
                raise load.Broken(f"{what}: {name}: {problem}") from None
            if round_number:  # caches, plans, compilers at run time are not counted
                turns[name].append(result)
    run.database.set_durable(True)
    return turns


def rehearse(run, pids, turn):
    """After a checkpoint PostgreSQL logs each page whole when it is first changed: that is nobody's own cost."""
    take_turn(run, pids, turn, REHEARSAL_SECONDS)
    run.database.take_back()


def take_turn(run, pids, turn, seconds):
    with load.Meter(own=pids, database=[run.database.pid]) as meter:
        result = turn(seconds, meter)
    if not pids:  # pgbench: the client is the contestant
        meter.seconds["own"] = meter.client_seconds
    for name, seconds in meter.seconds.items():
        result[f"{name}_us"] = seconds / result["requests"] * 1e6
    return result


def measure(run, results):
    cases = chosen_cases(run.options)
    for number, (work, case) in enumerate(cases, 1):
        turns = measure_case(run, work, case, f"{number}/{len(cases)}")
        results.add_case(work, case, turns)
        run.end_progress()
        print(results.table(-1), flush=True)
    for name, (probe, _) in PROBES.items():
        if not chosen_probe(run.options, name):
            continue
        run.progress(f"measuring: {name}")
        found = list(probe(run))
        results.add_probe(name, found)
        run.end_progress()
        print(results.probe_table(-1), flush=True)


def give_up(number, _):
    raise SystemExit(128 + number)


def main():
    options = parse_arguments()
    for number in STOPPERS:
        signal.signal(number, give_up)
    BUILT.mkdir(parents=True, exist_ok=True)
    RESULTS.mkdir(exist_ok=True)
    results = report.Results(options)
    with contextlib.ExitStack() as stack:
        try:
            run = Run(options, stack)
            run.start_ours()
            for kind in PEERS:
                run.start_peer(kind)
            measure(run, results)
        finally:
            if results.cases or results.probes:  # what there is, if the rest breaks too
                results.write(RESULTS / options.name)
            print("stopping everything", file=sys.stderr)
            for number in STOPPERS:  # the end must not be cut short
                signal.signal(number, signal.SIG_IGN)
    print("\n".join([results.target_table(), *run.skipped]))


if __name__ == "__main__":
    try:
        main()
    except (load.Broken, RuntimeError) as problem:
        sys.exit(f"bench: {problem}")
