-- One activity, and whether it is the caller's business.
WITH ${my_people}
SELECT a.user_id IN (SELECT id FROM people)
       OR coalesce(a.target_user_id IN (SELECT id FROM people), false),
       ${activity}
  FROM activities a
  JOIN users u ON u.id = a.user_id
  LEFT JOIN users t ON t.id = a.target_user_id
 WHERE a.id = $2::bigint
