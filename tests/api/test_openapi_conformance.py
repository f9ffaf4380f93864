"""What /openapi.json says is what the server does: random requests of each operation."""

import re

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from support.ground import ROOT

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


TABLE = (ROOT / "src" / "api" / "operations.def").read_text()
TEMPLATES = dict(re.findall(r'^ROUTE\((\w+), "(.*?)"\)', TABLE, re.M))
OPERATIONS = [(method, TEMPLATES[route]) for route, method in re.findall(r"^OPERATION\((\w+), (\w+),", TABLE, re.M)]
DESCRIBED = [(method, template) for method, template in OPERATIONS if template not in ("/metrics", "/openapi.json")]


@pytest.fixture(scope="module")
def description(server):
    return schemathesis.openapi.from_url(f"{server.plain_url}/openapi.json")


@pytest.mark.parametrize(("method", "template"), DESCRIBED, ids=[" ".join(o) for o in DESCRIBED])
def test_answers_are_as_described(description, people, method, template):
    headers = {"authorization": f"Bearer {people.family()[0].token}"}

    @hypothesis.given(description[template][method].as_strategy())
    @hypothesis.settings(max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=list(hypothesis.HealthCheck))
    def ask(case):
        case.call_and_validate(checks=CHECKS, headers=headers)

    ask()
