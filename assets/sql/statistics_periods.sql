-- What the caller's children, or the child $2 of them, did and got in each
-- period: $3 the periods' first moments in rising order, $4 the end of the
-- last. Money in cents. Periods in which nothing happened have no row.
WITH me AS (
    SELECT id, family_id FROM users WHERE id = $1::bigint
), children AS (
    SELECT u.id
      FROM me
      JOIN users u ON ${my_child}
     WHERE $2::bigint = 0 OR u.id = $2::bigint
), ${my_approvals}, events AS (
    SELECT child_id, amount, coalesce(completed_at, created_at) AS at,
           true AS earned
      FROM approvals
     UNION ALL
    SELECT l.child_id, l.amount, l.created_at, false
      FROM children k
      JOIN reward_adjustments l ON l.child_id = k.id
     WHERE ${ledger_kind} = 'manual'
)
SELECT width_bucket(at, $3::timestamptz[]) - 1,
       count(*) FILTER (WHERE earned),
       (100 * coalesce(sum(amount) FILTER (WHERE earned), 0))::bigint,
       (100 * coalesce(sum(amount) FILTER (WHERE NOT earned), 0))::bigint,
       count(DISTINCT child_id) FILTER (WHERE earned)
  FROM events
 WHERE at >= ($3::timestamptz[])[1] AND at < $4::timestamptz
 GROUP BY 1
