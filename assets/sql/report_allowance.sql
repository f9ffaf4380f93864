-- The money of the caller's children, or of the child $2 of them, from $3 on
-- and before $4 (each may be NULL): work by when it was assigned, adjustments
-- by when they were made. Money in cents, but for what is pending.
WITH me AS (
    SELECT id, family_id FROM users WHERE id = $1::bigint
), children AS (
    SELECT u.id, u.username,
           CASE WHEN me.family_id IS NOT NULL THEN u.username END AS place
      FROM me
      JOIN users u ON ${my_child}
     WHERE $2::bigint = 0 OR u.id = $2::bigint
), ${my_approvals}, money AS (
    SELECT child_id, amount, 'approval' AS kind,
           coalesce(assigned_at, created_at) AS at
      FROM approvals
     UNION ALL
    SELECT l.child_id, l.amount, ${ledger_kind}, l.created_at
      FROM children k
      JOIN reward_adjustments l ON l.child_id = k.id
     WHERE ${ledger_kind} <> 'approval'
), sums AS (
    SELECT child_id,
           100 * sum(amount) FILTER (WHERE kind = 'approval') AS earned,
           100 * sum(amount) FILTER (WHERE kind = 'manual') AS adjusted,
           -100 * sum(amount) FILTER (WHERE kind = 'payout') AS paid_out
      FROM money
     WHERE ($3::timestamptz IS NULL OR at >= $3::timestamptz)
       AND ($4::timestamptz IS NULL OR at < $4::timestamptz)
     GROUP BY child_id
), work AS (
    SELECT a.assignee_id,
           count(*) FILTER (WHERE a.is_approved) AS completed,
           sum(CASE WHEN c.is_range_reward THEN 0 ELSE c.reward::numeric END)
               FILTER (WHERE NOT a.is_approved) AS pending,
           max(a.updated_at) FILTER (WHERE a.is_approved) AS last_activity
      FROM children k
      JOIN chore_assignments a ON a.assignee_id = k.id
      JOIN chores c ON c.id = a.chore_id
     WHERE a.is_completed
       AND ($3::timestamptz IS NULL OR a.created_at >= $3::timestamptz)
       AND ($4::timestamptz IS NULL OR a.created_at < $4::timestamptz)
     GROUP BY a.assignee_id
)
SELECT k.id, k.username, coalesce(w.completed, 0),
       coalesce(s.earned, 0)::bigint, coalesce(s.adjusted, 0)::bigint,
       coalesce(s.paid_out, 0)::bigint, coalesce(w.pending, 0)::float8,
       w.last_activity
  FROM children k
  LEFT JOIN sums s ON s.child_id = k.id
  LEFT JOIN work w ON w.assignee_id = k.id
 ORDER BY k.place, k.id
