-- Those whose doings the caller may see: a parent's family and children with
-- the parent; a child only itself.
me AS (
    SELECT id, is_parent, family_id FROM users
     WHERE id = $1::bigint
), people AS (
    SELECT id FROM me
     UNION
    SELECT u.id
      FROM me
      JOIN users u ON u.parent_id = me.id OR u.family_id = me.family_id
     WHERE me.is_parent
)
