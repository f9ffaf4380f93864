-- What only the database knows, for the whole installation: assignments that
-- wait for approval, families with an active parent, and how long the oldest
-- of those assignments has waited.
SELECT count(*),
       (SELECT count(DISTINCT family_id) FROM users
         WHERE is_parent AND is_active AND family_id IS NOT NULL
           AND $1::bigint IS NULL),
       greatest(0, EXTRACT(EPOCH FROM now() - min(completion_date)))::float8
  FROM chore_assignments
 WHERE is_completed AND NOT is_approved
