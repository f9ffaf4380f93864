"""docs/monitoring.md says of the metrics what the tables and rules say."""

import re

import pytest

from support import documents

DOCUMENT = documents.read("docs/monitoring.md")
TABLE = documents.read("src/metrics/metrics.def")
KINDS = {
    "COUNTER": "counter", "COUNTER_TRACED": "counter", "GAUGE": "gauge", "GAUGE_SUM": "gauge", "ALIAS": "gauge",
    "HISTOGRAM": "histogram", "HISTOGRAM_TRACED": "histogram", "SUMMARY": "summary", "INFO": "info",
}  # fmt: skip


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def label_sets():
    """Closed sets: {set: [(text, word)]}; runtime sets; other names of sets."""
    text = without_comments(documents.read("src/metrics/labels.def"))
    closed = {name: [] for name in re.findall(r"^SET\((\w+)\)", text, re.M)}
    for name, value, word in re.findall(r'^VALUE\((\w+), \w+, "([^"]*)"(?:, "([^"]*)")?\)', text, re.M):
        closed[name].append((value, word))
    runtime = re.findall(r"^RUNTIME\((\w+),", text, re.M)
    others = re.findall(r"^LABEL(?:_PAIR)?\((\w+), (\w+)(?:, (\w+))?\)", text, re.M)
    return closed, runtime, others


def declared():
    """All families that a scrape can show: name, kind, labels, help."""
    beside = {label: second for label, _, second in label_sets()[2] if second}
    rows = []
    for kind, name, rest in re.findall(r"^([A-Z_]+)\((\w+), (.*?\")\)$", without_comments(TABLE), re.M | re.S):
        listed = re.match(r"\(([\w, ]*)\)", rest)
        labels = listed[1].split(", ") if listed and listed[1] else []
        labels += [beside[label] for label in labels if label in beside]
        rows.append((name, KINDS[kind], ", ".join(sorted(labels)), re.search(r'"([^"]*)"$', rest)[1]))
    source = documents.read("src/metrics/process.c")
    for name, text, kind in re.findall(r'\{ "(process_\w+)",\s*"([^"]*)",\s*FAMILY_(\w+),', source):
        rows.append((name, kind, "", text))
    return rows


def test_the_table_has_every_metric_as_it_is():
    rows = documents.table(documents.section(DOCUMENT, "All metrics"))
    assert [(name.strip("`"), *rest) for name, *rest in map(tuple, rows)] == declared()
    assert len(rows) == len(re.findall(r"^[A-Z_]+\(", without_comments(TABLE), re.M)) + 6


def test_the_list_of_labels_has_every_label_and_value():
    closed, runtime, others = label_sets()
    rows = {name: values for names, values in documents.table(documents.section(DOCUMENT, "Labels")) for name in re.findall(r"`(\w+)`", names)}
    of_info = {label for name, kind, labels, _ in declared() if kind == "info" for label in labels.split(", ")}
    seconds = {second: name for _, name, second in others if second}
    assert set(rows) == set(closed) | set(runtime) | {label for label, _, _ in others} | set(seconds) | of_info
    for name, values in closed.items():
        assert re.findall(r"`([^`]*)`", rows[name])[: len(values)] == [value for value, _ in values], name
    for second, name in seconds.items():
        words = dict.fromkeys(word for _, word in closed[name] if word)
        assert re.findall(r"`([^`]*)`", rows[second])[1:] == list(words), second


def alerts():
    """Alerts of the rules with the lines that belong to each."""
    text = documents.read("deploy/prometheus/alerts.yml")
    return [(part.split("\n")[0].strip(), part) for part in text.split("- alert: ")[1:]]


@pytest.mark.parametrize(("name", "rule"), alerts(), ids=lambda value: value.split("\n")[0])
def test_every_alert_leads_to_what_to_do_about_it(name, rule):
    what, todo = documents.section(DOCUMENT, name).strip().split("\n\n", 1)
    assert what
    assert todo
    assert f'runbook_url: "docs/monitoring.md#{name.lower()}"' in rule
    assert name.lower() in documents.anchors(DOCUMENT)


def test_no_section_is_of_an_alert_that_is_gone():
    sections = re.findall(r"^### (\w+)$", documents.section(DOCUMENT, "Alerts"), re.M)
    assert sorted(sections) == sorted(name for name, _ in alerts())


def test_the_checklist_is_whole():
    rows = documents.table(documents.section(DOCUMENT, "The plan's checklist"))
    assert [row[0] for row in rows] == [f"S{n}" for n in range(1, 110)]
    assert all(len(row) == 3 and all(row) for row in rows)
    assert DOCUMENT.rstrip().endswith(" |")


def test_the_tests_that_the_checklist_names_exist():
    text = documents.section(DOCUMENT, "The plan's checklist")
    for folder, name in re.findall(r"`(?:tests/(\w+)/)?(test_\w+)\.py`", text):
        places = [folder] if folder else ["metrics", "api"]
        assert any((documents.ROOT / "tests" / place / f"{name}.py").exists() for place in places), name
