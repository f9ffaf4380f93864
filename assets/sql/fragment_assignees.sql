-- Who shall do a chore of the owner (its creator and its assignment_mode): the
-- ids $3, each once, and what is wrong with them. Of many ids no more are looked
-- up than up to the first that is unfit.
asked AS (
    SELECT assignee.id, min(assignee.place) AS place
      FROM unnest($3::bigint[]) WITH ORDINALITY AS assignee (id, place)
     GROUP BY assignee.id
), unfit AS (
    SELECT assignee.id,
           CASE
           WHEN u.id IS NULL THEN 'assignee_not_found'
           WHEN u.family_id <> k.family_id THEN 'assignee_outside_family'
           ELSE 'assignee_not_child'
           END AS problem
      FROM owner k
     CROSS JOIN unnest($3::bigint[]) WITH ORDINALITY AS assignee (id, place)
      LEFT JOIN users u ON u.id = assignee.id
     WHERE (NOT u.is_parent AND ${creators_child}) IS NOT TRUE
     ORDER BY assignee.place
     LIMIT 1
), miscount AS (
    SELECT CASE
           WHEN k.assignment_mode = 'single'
            AND (cardinality($3::bigint[]) = 0
                 OR ($3::bigint[])[1] <> ANY ($3::bigint[]))
           THEN 'single_needs_one'
           WHEN k.assignment_mode = 'multi_independent'
            AND cardinality($3::bigint[]) = 0
           THEN 'multi_needs_some'
           WHEN k.assignment_mode = 'unassigned'
            AND cardinality($3::bigint[]) > 0
           THEN 'unassigned_takes_none'
           END AS problem
      FROM owner k
)
