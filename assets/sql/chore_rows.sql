-- One chore with all its assignments; others decide who may see it.
SELECT ${chore}, ${assignment}
  FROM chores c
  LEFT JOIN chore_assignments a ON a.chore_id = c.id
 WHERE ${the_chore} AND $1::bigint IS NOT NULL
 ORDER BY a.id
