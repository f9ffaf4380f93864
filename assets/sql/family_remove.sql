-- Takes the user $2 out of the caller's family. $3: the caller leaves, which a
-- child may do too.
WITH decision AS (
    SELECT CASE
           WHEN me.id IS NULL THEN 'family_membership'
           WHEN u.id IS NULL THEN 'member_not_found'
           WHEN u.family_id IS DISTINCT FROM me.family_id
           THEN 'not_a_family_member'
           WHEN u.is_parent
            AND NOT EXISTS (SELECT
                              FROM users other
                             WHERE other.family_id = me.family_id
                               AND other.is_parent AND other.is_active
                               AND other.id <> u.id)
           THEN 'last_parent'
           END AS problem
      FROM (VALUES ($1::bigint, $2::bigint)) AS asked (caller_id, user_id)
      LEFT JOIN users me ON me.id = asked.caller_id AND me.is_active
                        AND (me.is_parent OR $3::boolean)
                        AND me.family_id IS NOT NULL
      LEFT JOIN users u ON u.id = asked.user_id
), removed AS (
    UPDATE users u
       SET family_id = NULL
      FROM decision d
     WHERE u.id = $2::bigint AND d.problem IS NULL
)
SELECT problem FROM decision
