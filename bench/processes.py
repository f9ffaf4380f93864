"""What processes cost, by /proc: CPU time, memory, wake-ups of a whole tree."""

import os
import pathlib
import re

PROC = pathlib.Path("/proc")
TICKS_PER_S = os.sysconf("SC_CLK_TCK")

# Fields of /proc/PID/stat behind the name in brackets.
PARENT = 1
TIMES = slice(11, 15)  # utime, stime and those of children that were waited for


def _stats():
    """pid: the fields of its stat file behind the name."""
    found = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text()
        except OSError:  # it has ended since
            continue
        found[int(folder.name)] = text[text.rindex(")") + 2 :].split()
    return found


def _tree(root, stats):
    children = {}
    for pid, fields in stats.items():
        children.setdefault(int(fields[PARENT]), []).append(pid)
    tree, todo = [], [root]
    while todo:
        pid = todo.pop()
        if pid in stats:
            tree.append(pid)
            todo += children.get(pid, ())
    return tree


def tree(root):
    """The process and all that descend from it."""
    return _tree(root, _stats())


def cpu_seconds(*roots):
    """CPU time of the trees of these processes so far, of the dead in them too."""
    stats = _stats()
    ticks = sum(int(t) for root in roots for pid in _tree(root, stats) for t in stats[pid][TIMES])
    return ticks / TICKS_PER_S


def pss_mib(*roots):
    """Memory of the trees, what they share counted once."""
    kib = 0
    for root in roots:
        for pid in tree(root):
            text = (PROC / str(pid) / "smaps_rollup").read_text()
            kib += int(re.search(r"^Pss: +(\d+) kB", text, re.M)[1])
    return kib / 1024


def wakeups(root):
    """pid: how often its threads have gone to sleep of themselves so far."""
    found = {}
    for pid in tree(root):
        count = 0
        for status in (PROC / str(pid) / "task").glob("*/status"):
            count += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status.read_text(), re.M)[1])
        found[pid] = count
    return found


def name(pid):
    title = (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return title.strip() or f"process {pid}"
