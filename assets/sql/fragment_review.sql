-- The assignment that the parent who asks reviews: $3, or that of the chore $2
-- which has waited longest; and what stands against a review, in the order
-- missing, outsider, idle, state.
subject AS (
    SELECT a.id AS assignment_id, a.assignee_id, c.id AS chore_id, c.title,
           c.assignment_mode, c.reward, c.is_range_reward, c.min_reward,
           c.max_reward,
           CASE
           WHEN me.id IS NULL THEN 'parent_privileges'
           WHEN c.id IS NOT NULL THEN NULL
           WHEN named.assignment_id IS NULL THEN 'chore_not_found'
           ELSE 'assignment_not_found'
           END AS missing,
           ${outsider} AS outsider,
           CASE WHEN a.id IS NULL THEN 'no_completed_assignment' END AS idle,
           CASE
           WHEN NOT a.is_completed THEN 'not_completed'
           WHEN a.is_approved THEN 'already_approved'
           END AS state
      FROM (VALUES ($1::bigint, $2::bigint, $3::bigint))
               AS named (caller_id, chore_id, assignment_id)
      LEFT JOIN users me ON me.id = named.caller_id
                        AND me.is_active AND me.is_parent
      LEFT JOIN LATERAL (
               SELECT *
                 FROM chore_assignments
                WHERE id = named.assignment_id
                UNION ALL
              (SELECT *
                 FROM chore_assignments
                WHERE chore_id = named.chore_id
                  AND is_completed AND NOT is_approved
                ORDER BY completion_date, id
                LIMIT 1)
           ) a ON true
      LEFT JOIN chores c ON c.id = coalesce(named.chore_id, a.chore_id)
      LEFT JOIN users k ON k.id = c.creator_id
)
