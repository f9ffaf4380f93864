-- Disables ($3 true) or enables the chore $2. Disabling twice is fine. Runs
-- behind chore_lock.
WITH decision AS (
    SELECT CASE
           WHEN me.id IS NULL THEN 'only_parents_disable_chores'
           WHEN c.id IS NULL THEN 'chore_not_found'
           WHEN $3::boolean THEN 'disable_' || ${outsider}
           WHEN ${outsider} IS NOT NULL THEN 'enable_not_creator'
           WHEN NOT c.is_disabled THEN 'chore_not_disabled'
           END AS problem
      FROM (VALUES ($1::bigint, $2::bigint)) AS named (caller_id, chore_id)
      LEFT JOIN users me ON me.id = named.caller_id
                        AND me.is_active AND me.is_parent
      LEFT JOIN chores c ON c.id = named.chore_id
      LEFT JOIN users k ON k.id = c.creator_id
), switched AS (
    UPDATE chores c
       SET is_disabled = $3::boolean
      FROM decision d
     WHERE c.id = $2::bigint AND d.problem IS NULL
)
SELECT problem FROM decision
