-- The children linked to the parent $2, who must be the caller or another
-- parent of the caller's family; anybody else has none.
SELECT ${user}
  FROM users me
  JOIN users p ON p.id = $2::bigint
              AND (p.id = me.id
                   OR (p.is_parent AND p.family_id = me.family_id))
  JOIN users u ON u.parent_id = p.id AND NOT u.is_parent
 WHERE me.id = $1::bigint AND me.is_parent
 ORDER BY u.id
