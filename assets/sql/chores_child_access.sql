-- Whether $2 is a child of the parent who asks.
SELECT CASE WHEN ${my_child} THEN NULL ELSE 'chores_child_not_found' END
           AS problem
  FROM users me
  LEFT JOIN users u ON u.id = $2::bigint
 WHERE me.id = $1::bigint
