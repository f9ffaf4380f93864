-- Makes a chore of the mode $2 for the assignees $3. $14 is what stands behind
-- the title in the activities, $15 their reward_amount.
WITH owner AS (
    SELECT id, family_id, $2::text AS assignment_mode
      FROM users
     WHERE id = $1::bigint AND is_active AND is_parent
), ${assignees}, decision AS (
    SELECT CASE
           WHEN NOT EXISTS (SELECT FROM owner) THEN 'only_parents_create_chores'
           ELSE coalesce((SELECT problem FROM miscount),
                         (SELECT 'create_' || problem FROM unfit),
                         ${bounds_problem})
           END AS problem,
           (SELECT id FROM unfit) AS assignee_id
      FROM (VALUES ($9::boolean, $7::float8, $8::float8))
               AS b (is_range_reward, min_reward, max_reward)
), made AS (
    INSERT INTO chores (title, description, reward, min_reward, max_reward,
                        is_range_reward, cooldown_days, is_recurring,
                        frequency, assignment_mode, is_disabled, creator_id)
    SELECT $4::text, $5::text, $6::float8, $7::float8, $8::float8,
           $9::boolean, $10::int, $11::boolean, $12::text, k.assignment_mode,
           $13::boolean, k.id
      FROM owner k, decision d
     WHERE d.problem IS NULL
    RETURNING *
), given AS (
    INSERT INTO chore_assignments (chore_id, assignee_id)
    SELECT made.id, asked.id
      FROM made, asked
     ORDER BY asked.place
    RETURNING *
), noted AS (
    INSERT INTO activities (user_id, target_user_id, activity_type,
                            description, activity_data, created_at)
    SELECT made.creator_id, given.assignee_id, 'chore_created',
           'Created chore ''' || made.title || '''' || $14::text,
           jsonb_build_object('chore_id', made.id, 'chore_title', made.title,
                              'reward_amount', $15::jsonb),
           statement_timestamp()
      FROM made, given
     ORDER BY given.id
)
SELECT d.problem, d.assignee_id, ${chore}, ${assignment}
  FROM decision d
  LEFT JOIN made c ON true
  LEFT JOIN given a ON true
 ORDER BY a.id
