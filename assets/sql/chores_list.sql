-- The enabled chores of the caller, with their assignments: of a parent all of
-- its family's creators or its own, of a child those it has been given. The
-- state $2 (null: any) goes by all assignments for a parent, by its own for a
-- child; what is nobody's is active. A parent who names a child, $3, is
-- answered by chores_child instead.
WITH visible AS (
    SELECT c.*
      FROM users me
      JOIN users k ON k.id = me.id OR k.family_id = me.family_id
      JOIN chores c ON c.creator_id = k.id AND NOT c.is_disabled
     WHERE me.id = $1::bigint AND me.is_parent AND $3::bigint IS NULL
     UNION ALL
    SELECT c.*
      FROM users me
      JOIN chore_assignments own ON own.assignee_id = me.id
      JOIN chores c ON c.id = own.chore_id AND NOT c.is_disabled
     WHERE me.id = $1::bigint AND NOT me.is_parent
)
SELECT ${chore}, ${assignment}
  FROM visible c
  LEFT JOIN chore_assignments a ON a.chore_id = c.id
 WHERE $2::text IS NULL
    OR (SELECT CASE $2::text
               WHEN 'active'
               THEN count(*) = 0 OR NOT bool_and(s.is_completed)
               WHEN 'completed' THEN bool_and(s.is_completed AND s.is_approved)
               ELSE bool_or(s.is_completed AND NOT s.is_approved)
               END
          FROM chore_assignments s
          JOIN users me ON me.id = $1::bigint
         WHERE s.chore_id = c.id AND (me.is_parent OR s.assignee_id = me.id))
 ORDER BY c.id, a.id
