-- What waits for the approval of the parent who asks, longest first: the
-- assignment p, its child u, and the chore with all its assignments.
SELECT p.id, p.chore_id, p.assignee_id, p.is_completed, p.is_approved,
       p.completion_date, p.approval_date, p.approval_reward,
       p.rejection_reason, p.created_at, p.updated_at,
       ${user}, ${chore}, ${assignment}
  FROM users me
  JOIN users k ON k.id = me.id OR k.family_id = me.family_id
  JOIN chores c ON c.creator_id = k.id
  JOIN chore_assignments p ON p.chore_id = c.id
                          AND p.is_completed AND NOT p.is_approved
  JOIN users u ON u.id = p.assignee_id
  JOIN chore_assignments a ON a.chore_id = c.id
 WHERE me.id = $1::bigint AND me.is_parent
 ORDER BY p.completion_date, p.id, a.id
