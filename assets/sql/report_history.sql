-- What the child $2 got, newest first, at most $5 entries from $3 on and
-- before $4 (each may be NULL), for its parent or itself: approvals as work,
-- everything else of the ledger as adjustments.
WITH children AS (
    SELECT u.id
      FROM users me
      JOIN users u ON u.id = $2::bigint AND (u.id = me.id OR (${my_child}))
     WHERE me.id = $1::bigint
), ${my_approvals}, entries AS (
    SELECT true AS is_work, coalesce(p.updated_at, p.created_at) AS at,
           p.amount, p.id, p.reason,
           coalesce(c.title, substr(p.reason, length('Approved chore: ') + 1))
               AS title,
           p.chore_id, p.assignment_id
      FROM approvals p
      LEFT JOIN chores c ON c.id = p.chore_id
     UNION ALL
    SELECT false, l.created_at, l.amount, l.id, l.reason, NULL, NULL, NULL
      FROM children k
      JOIN reward_adjustments l ON l.child_id = k.id
     WHERE ${ledger_kind} <> 'approval'
)
SELECT is_work, at, amount::float8, id, reason, title, chore_id, assignment_id
  FROM entries
 WHERE ($3::timestamptz IS NULL OR at >= $3::timestamptz)
   AND ($4::timestamptz IS NULL OR at < $4::timestamptz)
 ORDER BY at DESC, is_work DESC, id DESC
 LIMIT $5::bigint
