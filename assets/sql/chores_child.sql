-- The chores of the child $2, each with its assignment: disabled and finished
-- ones too. $3 completed or not, $4 approved or not; null: either.
SELECT ${chore}, ${assignment}
  FROM users me
  JOIN users u ON ${my_child}
  JOIN chore_assignments a ON a.assignee_id = u.id
  JOIN chores c ON c.id = a.chore_id
 WHERE me.id = $1::bigint AND u.id = $2::bigint
   AND ($3::boolean IS NULL OR a.is_completed = $3::boolean)
   AND ($4::boolean IS NULL OR a.is_approved = $4::boolean)
 ORDER BY c.id
