-- How often which type was done by the caller's people since $2 days. Each
-- person's rows come from an index, however many people the planner expects.
WITH ${my_people}
SELECT a.activity_type, count(*)
  FROM people p
 CROSS JOIN LATERAL (
       SELECT activity_type FROM activities
        WHERE user_id = p.id
          AND created_at >= now() - $2::bigint * interval '24 hours'
       OFFSET 0) a
 GROUP BY a.activity_type
 ORDER BY a.activity_type
