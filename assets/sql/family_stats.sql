-- The caller's family in figures. An assignment is the family's, once, if a
-- member created its chore or it is a member's. Members are few and looked up
-- one by one: OFFSET 0 keeps the planner from reading whole tables.
WITH family AS (
    SELECT f.id, f.name, f.invite_code, f.created_at
      FROM users me
      JOIN families f ON f.id = me.family_id
     WHERE me.id = $1::bigint
), member AS (
    SELECT u.id, u.is_parent
      FROM family f
      JOIN users u ON u.family_id = f.id
), chore AS (
    SELECT c.id
      FROM member m
     CROSS JOIN LATERAL (
           SELECT id FROM chores WHERE creator_id = m.id OFFSET 0) c
), done AS (
    SELECT a.id, a.chore_id, a.is_approved, a.approval_reward
      FROM chore c
     CROSS JOIN LATERAL (
           SELECT * FROM chore_assignments WHERE chore_id = c.id OFFSET 0) a
     WHERE a.is_completed
     UNION
    SELECT a.id, a.chore_id, a.is_approved, a.approval_reward
      FROM member m
     CROSS JOIN LATERAL (
           SELECT * FROM chore_assignments WHERE assignee_id = m.id OFFSET 0) a
     WHERE a.is_completed
), figures AS (
    SELECT count(*) AS completed,
           count(*) FILTER (WHERE d.is_approved) AS approved,
           coalesce(sum(coalesce(d.approval_reward,
                                 (SELECT c.reward FROM chores c
                                   WHERE c.id = d.chore_id))::numeric)
                        FILTER (WHERE d.is_approved), 0)::float8 AS rewards
      FROM done d
)
SELECT f.id, f.name, f.invite_code, f.created_at,
       (SELECT count(*) FROM member),
       (SELECT count(*) FROM member WHERE is_parent),
       (SELECT count(*) FROM member WHERE NOT is_parent),
       (SELECT count(*) FROM chore),
       figures.completed, figures.approved, figures.rewards
  FROM family f, figures
