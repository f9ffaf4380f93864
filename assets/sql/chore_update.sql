-- Changes the chore $2. New assignees $3 replace all old ones; null leaves
-- them. $4 to $10: null leaves the column as it is; $11, $13 and $15 say
-- whether $12, $14 and $16, which may be null, are new. Runs behind
-- chore_lock.
WITH subject AS (
    SELECT c.id, c.creator_id, c.assignment_mode, k.family_id,
           CASE
           WHEN me.id IS NULL THEN 'only_parents_update_chores'
           WHEN c.id IS NULL THEN 'chore_not_found'
           END AS missing,
           ${outsider} AS outsider,
           coalesce($7::boolean, c.is_range_reward) AS is_range_reward,
           CASE WHEN $11::boolean THEN $12::float8 ELSE c.min_reward END
               AS min_reward,
           CASE WHEN $13::boolean THEN $14::float8 ELSE c.max_reward END
               AS max_reward
      FROM (VALUES ($1::bigint, $2::bigint)) AS named (caller_id, chore_id)
      LEFT JOIN users me ON me.id = named.caller_id
                        AND me.is_active AND me.is_parent
      LEFT JOIN chores c ON c.id = named.chore_id
      LEFT JOIN users k ON k.id = c.creator_id
), owner AS (
    SELECT creator_id AS id, family_id, assignment_mode
      FROM subject
     WHERE $3::bigint[] IS NOT NULL
), ${assignees}, decision AS (
    SELECT coalesce(
               b.missing,
               'update_' || b.outsider,
               (SELECT 'update_after_completion'
                  FROM chore_assignments a
                 WHERE a.chore_id = b.id AND (a.is_completed OR a.is_approved)
                 LIMIT 1),
               (SELECT problem FROM miscount),
               (SELECT 'update_' || problem FROM unfit),
               CASE WHEN $7::boolean IS NOT NULL OR $11::boolean OR $13::boolean
                    THEN ${bounds_problem} END) AS problem,
           (SELECT id FROM unfit) AS assignee_id,
           b.*
      FROM subject b
), changed AS (
    UPDATE chores c
       SET title = coalesce($4::text, c.title),
           description = coalesce($5::text, c.description),
           reward = coalesce($6::float8, c.reward),
           is_range_reward = d.is_range_reward,
           cooldown_days = coalesce($8::int, c.cooldown_days),
           is_recurring = coalesce($9::boolean, c.is_recurring),
           is_disabled = coalesce($10::boolean, c.is_disabled),
           min_reward = d.min_reward,
           max_reward = d.max_reward,
           frequency = CASE WHEN $15::boolean THEN $16::text
                            ELSE c.frequency END
      FROM decision d
     WHERE c.id = d.id AND d.problem IS NULL
), removed AS (
    DELETE FROM chore_assignments a
     USING decision d
     WHERE a.chore_id = d.id AND d.problem IS NULL
       AND $3::bigint[] IS NOT NULL
    RETURNING a.id
), given AS (
    -- Counting what was removed makes the deletion come first: the same child
    -- may be in both.
    INSERT INTO chore_assignments (chore_id, assignee_id)
    SELECT d.id, asked.id
      FROM decision d, asked
     WHERE d.problem IS NULL AND (SELECT count(*) FROM removed) >= 0
     ORDER BY asked.place
    RETURNING id
)
SELECT problem, assignee_id, assignment_mode, (SELECT count(*) FROM given)
  FROM decision
