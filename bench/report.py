"""What was measured, as tables, as a picture and as JSON."""

import json
import os
import pathlib
import platform
import re
import subprocess

import chart
import targets
from load import middle

OURS = "ours"


class Row:
    """One contestant of a case: medians over its turns, and their spread."""

    def __init__(self, name, turns, ours):
        self.name = name
        self.rate, self.least, self.most = middle(t["rate"] for t in turns)
        self.own_us = middle(t["own_us"] for t in turns)[0]
        self.database_us = middle(t["database_us"] for t in turns)[0]
        self.waits = {p: middle(t[p] for t in turns)[0] for p in ("p50", "p90", "p99", "p999", "max") if p in turns[0]}
        # Neighbours of a round met the same machine.
        self.ratio = middle(mine["rate"] / theirs["rate"] for mine, theirs in zip(ours, turns))
        self.cpu_ratio = middle(_cpu(theirs) / _cpu(mine) for mine, theirs in zip(ours, turns))

    def cells(self):
        ratio, cpu = ("{:.2f} ({:.2f}-{:.2f})".format(*r) for r in (self.ratio, self.cpu_ratio))
        if self.name == OURS:
            ratio = cpu = ""
        waits = [f"{self.waits[p]:.2f}" if self.waits else "-" for p in ("p50", "p90", "p99", "p999", "max")]
        digits = 0 if self.rate >= 100 else 2
        rate, spread = f"{self.rate:.{digits}f}", f"{self.least:.{digits}f}-{self.most:.{digits}f}"
        return [self.name, rate, spread, ratio, f"{self.own_us:.1f}", f"{self.database_us:.1f}", cpu, *waits]


HEADINGS = ["", "requests/s", "least-most", "ours / it", "CPU µs", "PostgreSQL µs", "CPU, it / ours",
            "p50 ms", "p90", "p99", "p99.9", "max"]  # fmt: skip


def _cpu(turn):
    """What a request costs the server and PostgreSQL; of pgbench, the client and PostgreSQL."""
    return turn["own_us"] + turn["database_us"]


class Results:
    def __init__(self, options):
        self.options = options
        self.cases = []  # (work, case, turns)
        self.probes = []  # (name, [(what, value, unit)])

    def add_case(self, work, case, turns):
        self.cases.append((work, case, turns))

    def add_probe(self, name, found):
        self.probes.append((name, found))

    def rows(self, index):
        turns = self.cases[index][2]
        return [Row(name, taken, turns[OURS]) for name, taken in turns.items()]

    def row(self, work_name, listener, connections, name=OURS):
        """That contestant's row, or None if it was not measured."""
        for index, (work, case, turns) in enumerate(self.cases):
            if (work.name, case.listener, case.connections) == (work_name, listener, connections) and name in turns:
                return Row(name, turns[name], turns[OURS])
        return None

    def probe(self, what):
        return next((value for _, found in self.probes for name, value, _ in found if name == what), None)

    def title(self, index):
        work, case, _ = self.cases[index]
        how = "TLS" if case.listener == "tls" else "plain"
        return f"{work.title}: {how}, {case.connections} connection{'s' * (case.connections > 1)}"

    def table(self, index):
        return f"### {self.title(index)}\n\n" + markdown(HEADINGS, [row.cells() for row in self.rows(index)])

    def probe_table(self, index):
        name, found = self.probes[index]
        return f"### {name}\n\n" + markdown(
            ["what", "value", "unit"], [[what, _number(value), unit] for what, value, unit in found]
        )

    def target_table(self):
        judged = [cells for target in targets.TARGETS if (cells := target.judge(self))]
        return "### Targets\n\n" + markdown(["target", "measured", ""], judged) if judged else ""

    def text(self):
        parts = [f"# Benchmark\n\n{description()}\n"]
        parts += [self.target_table()]
        parts += [self.table(index) for index in range(len(self.cases))]
        parts += [self.probe_table(index) for index in range(len(self.probes))]
        return "\n".join(part for part in parts if part)

    def write(self, path):
        """path.md, path.svg and path.json; says where they are."""
        path.with_suffix(".md").write_text(self.text())
        path.with_suffix(".json").write_text(json.dumps(self._plain(), indent=1) + "\n")
        panels = [(self.title(index), self.rows(index)) for index in range(len(self.cases))]
        if panels:
            path.with_suffix(".svg").write_text(chart.draw(panels))
        print(f"results: {os.path.relpath(path)}.md, .json{', .svg' if panels else ''}")

    def _plain(self):
        return {
            "machine": description(),
            "cases": [
                {"work": work.name, "listener": case.listener, "connections": case.connections, "turns": turns}
                for work, case, turns in self.cases
            ],
            "probes": {name: {what: [value, unit] for what, value, unit in found} for name, found in self.probes},
        }


def markdown(headings, rows):
    """A table that can be read as it is: columns of equal width, numbers to the right."""
    widths = [max(len(row[i]) for row in [headings, *rows]) for i in range(len(headings))]

    def line(cells):
        padded = [cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(cells, widths))]
        return "| " + " | ".join(padded) + " |\n"

    rule = "|" + "|".join("-" * (w + 1) + ("-" if i == 0 else ":") for i, w in enumerate(widths)) + "|\n"
    return line(headings) + rule + "".join(map(line, rows))


def _number(value):
    return f"{value:.0f}" if value >= 1000 else f"{value:.1f}" if value >= 100 else f"{value:.2f}"


def _version(*command):
    """The first number with a dot that a program says of itself."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return "-"
    found = re.search(r"\d+\.[\d.]+\w*", done.stdout + done.stderr)
    return found[0] if found else "-"


def description():
    """The machine, without its name."""
    cpu = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    memory = int(re.search(r"^MemTotal: +(\d+)", pathlib.Path("/proc/meminfo").read_text(), re.M)[1])
    system = re.search(r'^PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text(), re.M)
    return (
        f"{os.cpu_count()} x {cpu[1] if cpu else platform.machine()}, {memory / 2**20:.0f} GiB, "
        f"Linux {platform.release().split('-')[0]}, {system[1]}; "
        f"PostgreSQL {_version('pgbench', '--version')}, Go {_version('go', 'version')}, "
        f"Rust {_version('rustc', '--version')}, Node {_version('node', '--version')}, "
        f"Python {_version('/usr/bin/python3', '--version')}; load average {os.getloadavg()[2]:.1f} (15 min). "
        "Server, load generator and PostgreSQL share the cores."
    )
