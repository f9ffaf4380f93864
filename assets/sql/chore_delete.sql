-- Deletes the chore $2 and with it its assignments; what was paid stays in the
-- ledger. Runs behind chore_lock.
WITH decision AS (
    SELECT CASE
           WHEN me.id IS NULL THEN 'only_parents_delete_chores'
           WHEN c.id IS NULL THEN 'chore_not_found'
           ELSE 'delete_' || ${outsider}
           END AS problem
      FROM (VALUES ($1::bigint, $2::bigint)) AS named (caller_id, chore_id)
      LEFT JOIN users me ON me.id = named.caller_id
                        AND me.is_active AND me.is_parent
      LEFT JOIN chores c ON c.id = named.chore_id
      LEFT JOIN users k ON k.id = c.creator_id
), deleted AS (
    DELETE FROM chores c
     USING decision d
     WHERE c.id = $2::bigint AND d.problem IS NULL
)
SELECT problem FROM decision
