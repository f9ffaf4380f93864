"""What answers must look like."""

import json
import re

MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$")
OFFSET = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$")

USER_KEYS = ["username", "is_parent", "email", "id", "is_active", "parent_id"]
ASSIGNMENT_KEYS = [
    "id", "chore_id", "assignee_id", "is_completed", "is_approved", "completion_date",
    "approval_date", "approval_reward", "rejection_reason", "created_at", "updated_at",
]  # fmt: skip
CHORE_KEYS = [
    "title", "description", "reward", "min_reward", "max_reward", "approval_reward",
    "rejection_reason", "is_range_reward", "cooldown_days", "is_recurring", "frequency",
    "is_disabled", "id", "assignment_mode", "creator_id", "created_at", "updated_at",
    "is_completed", "is_approved", "completed_at", "approved_at", "assignments",
]  # fmt: skip
REVIEW_KEYS = [
    "approval_reward", "rejection_reason", "is_completed", "is_approved", "completed_at",
    "approved_at",
]  # fmt: skip
ADJUSTMENT_KEYS = ["amount", "reason", "id", "child_id", "parent_id", "created_at", "child", "parent"]


def assert_refused(answer, status, text):
    """{"detail":"<text>"} to the byte."""
    expected = json.dumps({"detail": text}, separators=(",", ":"), ensure_ascii=False)
    assert (answer.status_code, answer.text) == (status, expected)
    assert answer.headers["content-type"] == "application/json"


def faults(answer):
    """(type, loc, message) of each fault of a 422."""
    assert answer.status_code == 422, answer.text
    return [(f["type"], f["loc"], f["msg"]) for f in answer.json()["detail"]]


def assert_answer(answer, status=200):
    """The decoded body of an answer of that status."""
    assert answer.status_code == status, answer.text
    return answer.json()


def assert_chore(chore):
    """A plain chore: all keys in order, nothing told of one assignment."""
    assert list(chore) == CHORE_KEYS
    assert [chore[key] for key in REVIEW_KEYS] == [None] * len(REVIEW_KEYS)
    assert all(list(a) == ASSIGNMENT_KEYS for a in chore["assignments"])
    ids = [a["id"] for a in chore["assignments"]]
    assert ids == sorted(ids)
