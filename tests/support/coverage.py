"""Which answers of the API the tests have seen, and which they have not.

The clients of the tests record every answer by operation. After a run of all
tests nothing may be missing of
  * each operation's good answer, and what its row of operations.def says of
    tokens, roles, limits and input,
  * each answer that contract.py names of an operation,
  * each row of problems.def.
"""

import re

from support import contract
from support.ground import ROOT

# What problems.def has for any operation; a test that saw it once will do.
ANYWHERE = {"internal", "not_found", "method_not_allowed", "unavailable", "outcome_unknown", "metrics_forbidden"}

_seen = set()  # (method, template, status, what)


def _read(path, pattern):
    return re.findall(pattern, (ROOT / "src" / path).read_text(), re.M)


def _problems():
    """name: (status, what stands in the answer's detail)."""
    found = {}
    for name, status, text in _read("http/problems.def", r'^PROBLEM\((\w+), (\d+), "(.*)"\)$'):
        parts = re.split(r'%" PRId64 "|%s', text)
        found[name] = (int(status), re.compile(".*".join(map(re.escape, parts)), re.S))
    return found


def _templates():
    found = dict(_read("api/operations.def", r'^ROUTE\((\w+), "(.*?)"\)'))
    return {name: (template, _as_pattern(template)) for name, template in found.items()}


def _as_pattern(template):
    return re.compile("/".join("[^/]+" if p.startswith("{") else re.escape(p) for p in template.split("/")))


PROBLEMS = _problems()
TEMPLATES = _templates()
# (method, template), function, role, its problem, limit, status, input
OPERATIONS = [
    ((method, TEMPLATES[route][0]), function, role, problem, int(limit), int(status), inputs)
    for route, method, function, role, problem, limit, status, inputs in _read(
        "api/operations.def", r"^OPERATION\((\w+), (\w+), (\w+), (\w+), (\w+), (\d+), (\d+), (\w+)\)")
]  # fmt: skip


def template_of(path):
    """A literal path wins over one with parameters; None for no route."""
    fitting = [t for t, pattern in TEMPLATES.values() if pattern.fullmatch(path)]
    return min(fitting, key=lambda t: t.count("{"), default=None)


def _what(response):
    """The detail of an answer: a text, or the kind of what has another shape."""
    if response.status_code < 400 or not response.content:
        return ""
    if response.headers["content-type"] != "application/json":
        return response.text
    body = response.json()
    detail = body.get("detail", body.get("error"))
    if isinstance(detail, list):
        return "validation"
    return detail.get("code", "") if isinstance(detail, dict) else detail


def record(response):
    """Remember an answer."""
    template = template_of(response.request.url.path)
    _seen.add((response.request.method, template, response.status_code, _what(response)))


def _saw(operation, status, what=None):
    """Whether the operation (None: any) gave such an answer."""
    return any(
        (operation is None or operation == (method, template))
        and status == seen_status
        and (what is None or what == seen or (hasattr(what, "fullmatch") and what.fullmatch(seen)))
        for method, template, seen_status, seen in _seen
    )


def _expected():
    """(operation or None, status, what, its name) of all that must be seen."""
    for operation, function, role, problem, limit, status, inputs in OPERATIONS:
        yield operation, status, None, "its good answer"
        named = set(contract.ANSWERS.get(function, ()))
        if role != "public":
            named |= {"not_authenticated"}
        if problem != "none":
            named |= {problem}
        if role == "member_first":
            named |= {"family_membership"}
        for name in sorted(named):
            yield operation, *PROBLEMS[name], name
        if limit:
            yield operation, 429, re.compile(rf"Rate limit exceeded: {limit} per 1 minute"), "its limit"
        if function not in contract.NEVER_INVALID and inputs != "no_input":
            yield operation, 422, "validation", "its faults"
    for name, (status, text) in PROBLEMS.items():
        yield None, status, text, name


def missing():
    """What no test has seen, a line each."""
    return [
        f"{' '.join(operation) if operation else 'no operation at all'}: {status} {name}"
        for operation, status, what, name in _expected()
        if not _saw(operation, status, what)
    ]


def unnamed():
    """Problems that neither contract.py nor operations.def names."""
    named = {name for names in contract.ANSWERS.values() for name in names} | ANYWHERE
    named |= {row[3] for row in OPERATIONS} | {"not_authenticated", "family_membership"}
    return sorted(set(PROBLEMS) - named)
