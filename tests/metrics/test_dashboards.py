"""Grafana's files: what can be known without Grafana that they load and fit."""

import re

import pytest
import yaml

from support.prometheus import DEPLOY, dashboards

GRAFANA = DEPLOY / "grafana"
PROVISIONING = GRAFANA / "provisioning"
DATA_SOURCE = {"type": "prometheus", "uid": "${datasource}"}

BOARDS = dashboards()

# The monitoring plan's five, and what this service has besides: a word of the
# queries that each must have.
ASKED = {
    "http-traffic": ["rate(http_requests_total", "histogram_quantile(0.95"],
    "business": ["chores_created_total", "chores_completed_total", "chores_approved_total", "chores_rejected_total"],
    "users": ["user_logins_total", "user_registrations_total", "active_users_count"],
    "errors": ["by (endpoint) (rate(api_errors_total", "by (error_type) (rate(api_errors_total"],
    "health": ["http_requests_inprogress", "http_response_size_bytes"],
    "database": ["chores_db_queue_depth", "chores_executor_refused_total", "chores_event_loop_delay_seconds_bucket"],
}


def queries(board):
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def test_they_are_those_of_the_plan_and_more():
    assert set(BOARDS) == set(ASKED)
    for name, parts in ASKED.items():
        text = "\n".join(queries(BOARDS[name]))
        assert [part for part in parts if part not in text] == []


def test_uids_and_titles_are_unique():
    for key in ("uid", "title"):
        values = [board[key] for board in BOARDS.values()]
        assert len(set(values)) == len(values)
        assert all(values)
    # no id: Grafana gives one, and an id of another installation would collide
    assert [name for name, board in BOARDS.items() if board.get("id") is not None] == []


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
class TestEach:
    def test_has_variables_for_data_source_and_job(self, board):
        variables = {v["name"]: v for v in board["templating"]["list"]}
        assert set(variables) == {"datasource", "job"}
        assert (variables["datasource"]["type"], variables["datasource"]["query"]) == ("datasource", "prometheus")
        job = variables["job"]
        assert job["datasource"] == DATA_SOURCE
        assert re.fullmatch(r"label_values\(\w+, job\)", job["query"]["query"])
        assert job["includeAll"] and job["allValue"] == ".*"

    def test_has_no_data_source_of_its_own(self, board):
        for panel in board["panels"]:
            assert panel["datasource"] == DATA_SOURCE, panel["title"]
            assert all(t.get("datasource", DATA_SOURCE) == DATA_SOURCE for t in panel["targets"])

    def test_asks_for_the_chosen_job_in_every_selector(self, board):
        for query in queries(board):
            bare = re.sub(r"by \(.*?\)", "", query)
            selectors = re.findall(r"\b[a-z]+_\w+(\{.*?\})?(?=[\[) ]|$)", bare)
            assert selectors
            assert [s for s in selectors if '{job=~"$job"' not in s] == [], query
            assert "$" not in re.sub(r"\$job\b|\$__rate_interval\b", "", query)

    def test_panels_have_titles_units_and_places_of_their_own(self, board):
        cells = set()
        ids = [panel["id"] for panel in board["panels"]]
        assert len(set(ids)) == len(ids)
        for panel in board["panels"]:
            assert panel["title"] and panel["fieldConfig"]["defaults"]["unit"]
            place = panel["gridPos"]
            mine = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
            assert not mine & cells and max(x for x, _ in mine) < 24
            cells |= mine
            refs = [target.get("refId") for target in panel["targets"]]
            assert len(set(refs)) == len(refs) and all(refs)


class TestProvisioning:
    def test_the_data_source_is_our_prometheus(self):
        (source,) = yaml.safe_load((PROVISIONING / "datasources" / "prometheus.yml").read_text())["datasources"]
        assert source["type"] == DATA_SOURCE["type"]
        assert source["isDefault"] is True
        scrape = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())["global"]["scrape_interval"]
        assert source["jsonData"]["timeInterval"] == scrape

    def test_the_provider_finds_the_dashboards(self):
        """In the folder that a container gets them in."""
        (provider,) = yaml.safe_load((PROVISIONING / "dashboards" / "chores.yml").read_text())["providers"]
        assert (provider["type"], provider["options"]["path"]) == ("file", "/var/lib/grafana/dashboards")
