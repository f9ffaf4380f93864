a.id, a.chore_id, a.assignee_id, a.is_completed, a.is_approved,
       a.completion_date, a.approval_date, a.approval_reward,
       a.rejection_reason, a.created_at, a.updated_at
