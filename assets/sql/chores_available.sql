-- What the child who asks could complete now: its own assignments, then the
-- pool; each chore with all its assignments.
WITH offered AS (
    SELECT c.id, false AS is_pool
      FROM users u
      JOIN chore_assignments own ON own.assignee_id = u.id
      JOIN chores c ON c.id = own.chore_id
      JOIN users k ON k.id = c.creator_id
     WHERE u.id = $1::bigint AND NOT u.is_parent
       AND ${completion_problem} IS NULL
     UNION ALL
    SELECT c.id, true
      FROM users u
      JOIN users k ON k.family_id = u.family_id OR k.id = u.parent_id
      JOIN chores c ON c.creator_id = k.id
                   AND c.assignment_mode = 'unassigned' AND NOT c.is_disabled
      LEFT JOIN chore_assignments own ON own.chore_id = c.id
                                     AND own.assignee_id = u.id
     WHERE u.id = $1::bigint AND NOT u.is_parent AND own.id IS NULL
       AND ${completion_problem} IS NULL
)
SELECT offered.is_pool, ${chore}, ${assignment}
  FROM offered
  JOIN chores c ON c.id = offered.id
  LEFT JOIN chore_assignments a ON a.chore_id = c.id
 ORDER BY offered.is_pool, c.id, a.id
