-- How often which type was done by the caller's people since $2 days.
WITH ${my_people}
SELECT a.activity_type, count(*)
  FROM people p
  JOIN activities a ON a.user_id = p.id
 WHERE a.created_at >= now() - $2::bigint * interval '24 hours'
 GROUP BY a.activity_type
 ORDER BY a.activity_type
