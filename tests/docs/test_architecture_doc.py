"""docs/architecture.md names every folder and every source."""

import re

import pytest

from support import documents
from support.ground import ROOT

DOCUMENT = documents.read("docs/architecture.md")
NAMED = set(re.findall(r"`([.\w/-]+)`", DOCUMENT))
ROOMS = sorted(path.name for path in (ROOT / "src").iterdir() if path.is_dir())


def folders(place):
    """Without what builds, runs and tools leave behind."""
    return sorted(p for p in place.iterdir() if p.is_dir() and (p.name == ".ci" or p.name[0] not in "._"))


def test_every_folder_is_named():
    """Of the second level, where the first is not named as a whole."""
    missing = []
    for folder in folders(ROOT):
        if folder.name not in NAMED:
            missing += [p.relative_to(ROOT) for p in folders(folder) or [folder]]
    assert [str(path) for path in missing if str(path) not in NAMED] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_source_of_a_room_is_named_in_its_table(room):
    table = re.search(rf"^\| `src/{room}` \|.*\n(\|.*\n)+", DOCUMENT, re.M)[0]
    named = re.findall(r"`(\w+\.(?:c|def))`", table)
    there = [path.name for path in (ROOT / "src" / room).iterdir() if path.suffix in (".c", ".def")]
    assert sorted(set(named)) == sorted(there)
