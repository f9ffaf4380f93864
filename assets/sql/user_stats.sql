-- The caller's family, if any, and how many belong to it; the children of a
-- parent without a family are those linked to it.
SELECT f.id, f.name, f.invite_code,
       (SELECT count(*)
          FROM users u
         WHERE NOT u.is_parent
           AND (u.family_id = me.family_id
                OR (me.is_parent AND me.family_id IS NULL
                    AND u.parent_id = me.id))),
       (SELECT count(*) FROM users u WHERE u.family_id = me.family_id)
  FROM users me
  LEFT JOIN families f ON f.id = me.family_id
 WHERE me.id = $1::bigint
