-- The caller's children with their assignments, disabled chores included: a
-- row an assignment, children by name inside a family, else by id.
SELECT ${user},
       a.id, a.chore_id, c.title, coalesce(a.approval_reward, c.reward),
       a.is_completed, a.is_approved
  FROM users me
  JOIN users u ON ${my_child}
  LEFT JOIN (chore_assignments a JOIN chores c ON c.id = a.chore_id)
         ON a.assignee_id = u.id
 WHERE me.id = $1::bigint
 ORDER BY CASE WHEN me.family_id IS NOT NULL THEN u.username END, u.id, a.id
