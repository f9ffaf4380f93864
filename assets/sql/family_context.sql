-- The caller's family; no row if there is none.
SELECT ${family}
  FROM users me
  JOIN families f ON f.id = me.family_id
 WHERE me.id = $1::bigint
