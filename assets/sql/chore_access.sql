-- Whether the caller may see the chore $2: a parent as one who may act on it,
-- a child that has been given it.
SELECT CASE
       WHEN c.id IS NULL THEN 'chore_not_found'
       WHEN me.is_parent AND ${outsider} IS NULL THEN NULL
       WHEN NOT me.is_parent
        AND EXISTS (SELECT
                      FROM chore_assignments a
                     WHERE a.chore_id = c.id AND a.assignee_id = me.id)
       THEN NULL
       ELSE 'chore_not_authorized'
       END AS problem
  FROM users me
  LEFT JOIN chores c ON c.id = $2::bigint
  LEFT JOIN users k ON k.id = c.creator_id
 WHERE me.id = $1::bigint
