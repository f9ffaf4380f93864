"""The prepared statements of the server, as it expands them."""

import re

from support.ground import ROOT

SQL = ROOT / "assets" / "sql"


def names():
    """All rows of statements.def, in its order."""
    table = (ROOT / "src" / "db" / "statements.def").read_text()
    return re.findall(r"^STATEMENT\((\w+),", table, re.M)


def text(name):
    """The text of a statement, fragments in their places."""
    return _expand((SQL / f"{name}.sql").read_text())


def _expand(source):
    def fragment(match):
        return _expand((SQL / f"fragment_{match[1]}.sql").read_text())

    return re.sub(r"\$\{(\w+)\}", fragment, source)
