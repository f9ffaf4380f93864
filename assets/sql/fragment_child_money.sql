-- What the ledger and the chores say of u. The ledger counts each approval
-- once; a range chore is worth nothing until somebody has named its reward.
LATERAL (
    SELECT coalesce(sum(l.amount) FILTER (WHERE ${ledger_kind} = 'approval'),
                    0)::float8 AS earned,
           coalesce(sum(l.amount) FILTER (WHERE ${ledger_kind} = 'manual'),
                    0)::float8 AS adjusted,
           (-coalesce(sum(l.amount) FILTER (WHERE ${ledger_kind} = 'payout'),
                      0))::float8 AS paid_out,
           coalesce(sum(l.amount), 0)::float8 AS balance
      FROM reward_adjustments l
     WHERE l.child_id = u.id
) ledger,
LATERAL (
    SELECT count(*) FILTER (WHERE a.is_approved) AS completed_chores,
           coalesce(sum(CASE WHEN c.is_range_reward THEN 0
                             ELSE c.reward::numeric END)
                        FILTER (WHERE NOT a.is_approved), 0)::float8 AS pending
      FROM chore_assignments a
      JOIN chores c ON c.id = a.chore_id
     WHERE a.assignee_id = u.id AND a.is_completed
) work
