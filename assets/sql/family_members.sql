-- The caller's family: parents first, each group by name.
SELECT f.id, f.name, u.id, u.username, u.email, u.is_parent, u.is_active,
       u.parent_id, u.created_at
  FROM users me
  JOIN families f ON f.id = me.family_id
  JOIN users u ON u.family_id = f.id
 WHERE me.id = $1::bigint
 ORDER BY u.is_parent DESC, u.username, u.id
