"""Markdown of the project, as far as tests compare it with what it tells of."""

import re

from support.ground import ROOT


def read(path):
    return (ROOT / path).read_text()


def section(text, title):
    """What stands below a heading, up to the next of its level or above."""
    match = re.search(rf"^(#+) {re.escape(title)}$\n(.*)", text, re.M | re.S)
    assert match, f"no section {title}"
    return re.split(rf"^#{{1,{len(match[1])}}} ", match[2], maxsplit=1, flags=re.M)[0]


def table(text):
    """The rows of the first table, as lists of cells without blanks around."""
    lines = re.search(r"(^\|.*\n)+", text, re.M)[0].splitlines()
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def anchors(text):
    """What a link may name behind a #: the headings, as GitHub writes them."""
    found = set()
    for heading in re.findall(r"^#+ (.*)$", _without_code(text), re.M):
        found.add(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
    return found


def links(text):
    """The targets of all links."""
    return re.findall(r"\]\(([^)\s]+)\)", _without_code(text))


def assert_there(names):
    """Files and folders of this repository."""
    assert [name for name in sorted(names) if not (ROOT / name).exists()] == []


def _without_code(text):
    return re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
