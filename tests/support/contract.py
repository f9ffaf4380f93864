"""What the wire contract names as each operation's own answers.

Functions of operations.def and rows of problems.def. What the table of
operations says itself (tokens, roles, limits) is not repeated here, nor what
any operation may answer.
"""

_TOKENS = ["not_authenticated", "invalid_credentials", "user_not_found", "inactive_user"]
_ACCOUNT = [
    "registration_code_required", "registration_code_empty", "registration_code_invalid", "parent_email_required",
    "email_format", "password_too_short", "password_too_long", "password_has_nul", "username_taken", "email_taken",
]  # fmt: skip
_RESET = ["reset_child_not_found", "reset_of_parent", "only_own_children_reset"]
_ASSIGNEES = ["single_needs_one", "multi_needs_some", "unassigned_takes_none", "minimum_above_maximum"]
_APPROVE = ["approve_outside_family", "approve_not_creator", "reward_required", "reward_out_of_bounds"]
_REJECT = ["reject_outside_family", "reject_not_creator", "rejection_reason_blank"]
_REMOVE = ["member_not_found", "not_a_family_member", "last_parent"]

ANSWERS = {
    "users_register": [
        *_ACCOUNT, "parent_id_not_integer", "username_length", "parent_id_required",
    ],
    "users_login": ["login_failed", "login_inactive"],
    "users_create": [*_ACCOUNT, "parent_user_not_found", "only_own_family_children"],
    "users_me": _TOKENS,
    "users_reset": [*_RESET, "password_too_long", "password_has_nul"],
    "users_html_reset": _RESET,

    "chores_create": [
        "chore_not_json", "chore_title_missing", *_ASSIGNEES, "create_assignee_not_found",
        "create_assignee_outside_family", "create_assignee_not_child",
    ],
    "chores_list": ["chores_child_not_found", "chores_state"],
    "chores_child": ["chores_child_not_found"],
    "chores_child_completed": ["chores_child_not_found"],
    "chores_get": ["chore_not_found", "chore_not_authorized"],
    "chores_update": [
        "chore_not_found", "update_outside_family", "update_not_creator", "update_after_completion", *_ASSIGNEES,
        "update_assignee_not_found", "update_assignee_outside_family", "update_assignee_not_child",
    ],
    "chores_delete": ["chore_not_found", "delete_outside_family", "delete_not_creator"],
    "chores_disable": ["chore_not_found", "disable_outside_family", "disable_not_creator"],
    "chores_enable": ["chore_not_found", "enable_not_creator", "chore_not_disabled"],
    "chores_complete": [
        "chore_not_found", "chore_is_disabled", "not_assigned", "completion_pending", "claim_pending",
        "completion_approved", "completion_cooldown", "claim_cooldown", "unknown_mode",
    ],
    "chores_approve": ["chore_not_found", "no_completed_assignment", *_APPROVE],
    "chores_reject": ["chore_not_found", "no_completed_assignment", *_REJECT],
    "assignments_approve": ["assignment_not_found", "approve_not_completed", "approve_already_approved", *_APPROVE],
    "assignments_reject": ["assignment_not_found", "reject_not_completed", "reject_already_approved", *_REJECT],

    "adjustments_create": ["child_user_not_found", "adjust_own_children", "negative_balance"],
    "adjustments_list": ["child_user_not_found", "view_own_childrens_adjustments"],
    "adjustments_child": [
        "child_user_not_found", "view_own_childrens_adjustments", "children_cannot_view_adjustments",
    ],
    "adjustments_total": ["child_user_not_found", "view_own_childrens_totals", "view_own_total"],

    "activities_get": ["activity_not_found", "activity_denied"],

    "reports_allowance": ["report_child_not_found", "date_format"],
    "reports_export": ["report_child_not_found", "date_format", "export_format"],
    "reports_history": ["history_child_not_found", "history_own_only", "date_format"],
    "statistics_weekly": ["statistics_child_not_found"],
    "statistics_monthly": ["statistics_child_not_found"],
    "statistics_trends": ["statistics_child_not_found"],
    "statistics_comparison": ["statistics_child_not_found"],

    "families_create": ["already_in_family"],
    "families_join": ["already_in_family", "invalid_invite_code"],
    "families_remove": ["member_ids_differ", *_REMOVE],
    "families_remove_alias": _REMOVE,
    "families_leave": ["last_parent"],
}  # fmt: skip

# Operations that read something and find no fault with any of it.
NEVER_INVALID = set()
