-- Whether the child $2 exists, and is the caller's.
SELECT u.id IS NOT NULL, coalesce(${my_child}, false)
  FROM users me
  LEFT JOIN users u ON u.id = $2::bigint
 WHERE me.id = $1::bigint
