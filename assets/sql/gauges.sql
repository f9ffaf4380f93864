-- What only the database knows, for the whole installation: assignments that
-- wait for approval, families with an active parent, and how long the oldest
-- of those assignments has waited.
SELECT count(*),
       (SELECT count(DISTINCT family_id) FROM users
         WHERE is_parent AND is_active AND family_id IS NOT NULL
           AND $1::bigint IS NULL),
       COALESCE(EXTRACT(EPOCH FROM now() - min(completion_date)), 0)::float8
  FROM chore_assignments
 WHERE is_completed AND NOT is_approved
