-- Whether the caller may set the password of the user $2.
decision AS (
    SELECT CASE
           WHEN me.id IS NULL THEN 'only_parents_reset'
           WHEN u.id IS NULL THEN 'reset_child_not_found'
           WHEN u.is_parent THEN 'reset_of_parent'
           WHEN (${my_child}) IS NOT TRUE THEN 'only_own_children_reset'
           END AS problem
      FROM (VALUES ($1::bigint, $2::bigint)) AS asked (caller_id, child_id)
      LEFT JOIN users me ON me.id = asked.caller_id
                        AND me.is_active AND me.is_parent
      LEFT JOIN users u ON u.id = asked.child_id
)
