"""Links in the documentation lead somewhere."""

import re

import pytest

from support import documents
from support.ground import ROOT

DOCUMENTS = sorted(
    path.relative_to(ROOT)
    for pattern in ("*.md", "docs/*.md", "src/**/*.md", "examples/**/*.md", "deploy/**/*.md", "bench/**/*.md")
    for path in ROOT.glob(pattern)
)


def test_the_documents_are_found():
    names = {str(path) for path in DOCUMENTS}
    assert {"README.md", "SECURITY.md", "docs/api.md", "docs/monitoring.md", "src/metrics/README.md"} <= names


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_link_leads_to_a_file_and_a_heading(document):
    for link in documents.links(documents.read(document)):
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / document).parent / path if path else ROOT / document
        assert target.exists(), link
        if anchor:
            assert anchor in documents.anchors(target.read_text()), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_file_that_is_named_is_there(document):
    """`docs/…`, `src/…` and so on in backticks: whole paths of this repository."""
    named = r"`((?:src|docs|tests|conf|assets|deploy|scripts|examples|bench|tools)/[^`\s<>*{}…]*)`"
    documents.assert_there(re.findall(named, documents.read(document)))


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_command_that_is_named_is_there(document):
    commands = re.findall(r"\./dev ([a-z]\w*)", documents.read(document))
    documents.assert_there(f"scripts/{command}" for command in commands if command != "help")
