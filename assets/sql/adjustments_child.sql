-- A page of a child's ledger, newest first, for its parent.
SELECT ${adjustment}
  FROM users me
  JOIN users u ON u.id = $2::bigint AND ${my_child}
  JOIN reward_adjustments l ON l.child_id = u.id
 WHERE me.id = $1::bigint AND me.is_parent
 ORDER BY l.created_at DESC, l.id DESC
OFFSET $3::bigint LIMIT $4::bigint
