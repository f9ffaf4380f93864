-- A manual adjustment of $3 for the child $2, if its parent asks and no
-- penalty takes the balance below zero; with its activity. Runs behind
-- adjustment_lock.
WITH me AS (
    SELECT id, family_id FROM users
     WHERE id = $1::bigint AND is_active AND is_parent
), balance AS (
    SELECT coalesce(sum(amount), 0) AS total
      FROM reward_adjustments
     WHERE child_id = $2::bigint
), decision AS (
    SELECT CASE
           WHEN u.id IS NULL THEN 'child_user_not_found'
           WHEN (${my_child}) IS NOT TRUE THEN 'adjust_own_children'
           WHEN $3::numeric < 0 AND balance.total + $3::numeric < 0
               THEN 'negative_balance'
           END AS problem,
           me.id AS parent_id, u.id AS child_id, balance.total
      FROM me
     CROSS JOIN balance
      LEFT JOIN users u ON u.id = $2::bigint
), made AS (
    INSERT INTO reward_adjustments AS l (child_id, parent_id, amount, reason,
                                         kind)
    SELECT child_id, parent_id, $3::numeric, $4::text, 'manual'
      FROM decision
     WHERE problem IS NULL
    RETURNING l.*
), noted AS (
    INSERT INTO activities (user_id, target_user_id, activity_type,
                            description, activity_data, created_at)
    SELECT parent_id, child_id, 'adjustment_applied',
           CASE WHEN amount < 0 THEN 'Applied deduction of $'
                ELSE 'Applied bonus of $' END
               || abs(amount)::text || ': ' || left(reason, 50)
               || CASE WHEN length(reason) > 50 THEN '...' ELSE '' END,
           jsonb_build_object('adjustment_id', id, 'amount', amount::float8,
                              'reason', reason,
                              'adjustment_type', 'adjustment'),
           now()
      FROM made
)
SELECT d.problem, d.total::text,
       ${adjustment}
  FROM decision d
  LEFT JOIN made l ON true
