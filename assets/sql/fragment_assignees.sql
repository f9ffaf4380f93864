-- Who shall do a chore of the owner (its creator and its assignment_mode): the
-- ids $3, and what is wrong with them.
asked AS (
    SELECT assignee.id, min(assignee.place) AS place
      FROM unnest($3::bigint[]) WITH ORDINALITY AS assignee (id, place)
     GROUP BY assignee.id
), unfit AS (
    SELECT asked.id,
           CASE
           WHEN u.id IS NULL THEN 'assignee_not_found'
           WHEN u.family_id <> k.family_id THEN 'assignee_outside_family'
           ELSE 'assignee_not_child'
           END AS problem
      FROM owner k
     CROSS JOIN asked
      LEFT JOIN users u ON u.id = asked.id
     WHERE (NOT u.is_parent AND ${creators_child}) IS NOT TRUE
     ORDER BY asked.place
     LIMIT 1
), miscount AS (
    SELECT CASE
           WHEN k.assignment_mode = 'single' AND count(asked.id) <> 1
           THEN 'single_needs_one'
           WHEN k.assignment_mode = 'multi_independent' AND count(asked.id) = 0
           THEN 'multi_needs_some'
           WHEN k.assignment_mode = 'unassigned' AND count(asked.id) > 0
           THEN 'unassigned_takes_none'
           END AS problem
      FROM owner k
      LEFT JOIN asked ON true
     GROUP BY k.assignment_mode
)
