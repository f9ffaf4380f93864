-- Whom the caller may see: a parent its family and its children, a child
-- itself. $2 skip, $3 limit.
SELECT ${user}
  FROM users me
  JOIN users u ON u.id = me.id
               OR (me.is_parent
                   AND (u.family_id = me.family_id OR (${my_child})))
 WHERE me.id = $1::bigint
 ORDER BY u.id
OFFSET $2::bigint
 LIMIT $3::bigint
