-- The caller's family in figures. An assignment is the family's, once, if a
-- member created its chore or it is a member's.
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
      FROM chores c
     WHERE c.creator_id IN (SELECT id FROM member)
), done AS (
    SELECT a.id, a.chore_id, a.is_approved, a.approval_reward
      FROM chore_assignments a
     WHERE a.is_completed AND a.chore_id IN (SELECT id FROM chore)
     UNION
    SELECT a.id, a.chore_id, a.is_approved, a.approval_reward
      FROM chore_assignments a
     WHERE a.is_completed AND a.assignee_id IN (SELECT id FROM member)
), figures AS (
    SELECT count(*) AS completed,
           count(*) FILTER (WHERE d.is_approved) AS approved,
           coalesce(sum(coalesce(d.approval_reward, c.reward)::numeric)
                        FILTER (WHERE d.is_approved), 0)::float8 AS rewards
      FROM done d
      JOIN chores c ON c.id = d.chore_id
)
SELECT f.id, f.name, f.invite_code, f.created_at,
       (SELECT count(*) FROM member),
       (SELECT count(*) FROM member WHERE is_parent),
       (SELECT count(*) FROM member WHERE NOT is_parent),
       (SELECT count(*) FROM chore),
       figures.completed, figures.approved, figures.rewards
  FROM family f, figures
