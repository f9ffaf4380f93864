-- What the child who asks could complete now: its own assignments, then the
-- pool; each chore with all its assignments. Of what is approved only that
-- comes again which recurs: one index look-up each (OFFSET 0 keeps the planner
-- from reading all that recur anywhere). What a child has been given is its
-- own, whoever made it: there is no k to look up.
WITH offered AS (
    SELECT c.id, false AS is_pool
      FROM users u
     CROSS JOIN (VALUES (NULL::int, NULL::int)) AS k (id, family_id)
      JOIN chore_assignments own ON own.assignee_id = u.id
                                AND NOT own.is_completed
                                AND NOT own.is_approved
      JOIN chores c ON c.id = own.chore_id
     WHERE u.id = $1::bigint AND NOT u.is_parent
       AND ${completion_problem} IS NULL
     UNION ALL
    SELECT c.id, false
      FROM users u
     CROSS JOIN (VALUES (NULL::int, NULL::int)) AS k (id, family_id)
      JOIN chore_assignments own ON own.assignee_id = u.id AND own.is_approved
     CROSS JOIN LATERAL (
           SELECT * FROM chores
            WHERE id = own.chore_id AND is_recurring AND NOT is_disabled
           OFFSET 0) c
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
