-- The sum of a child's ledger, for its parent or itself: 0 without rows, else
-- with two places.
SELECT coalesce(sum(l.amount), 0)::text
  FROM users me
  JOIN users u ON u.id = $2::bigint AND (u.id = me.id OR (${my_child}))
  LEFT JOIN reward_adjustments l ON l.child_id = u.id
 WHERE me.id = $1::bigint
