-- Completes the chore $2 for the child who asks; a pool chore becomes its own
-- thereby. Runs behind chore_lock.
WITH subject AS (
    SELECT c.id, c.title, c.assignment_mode,
           ${cooldown_days} AS cooldown_days,
           own.id AS assignment_id, own.approval_date,
           CASE
           WHEN u.id IS NULL THEN 'parents_cannot_complete'
           WHEN c.id IS NULL THEN 'chore_not_found'
           ELSE ${completion_problem}
           END AS problem,
           CASE
           WHEN own.id IS NULL THEN c.created_at
           WHEN own.approval_date IS NULL THEN own.created_at
           ELSE own.approval_date + ${cooldown_days} * interval '24 hours'
           END AS started_at
      FROM (VALUES ($1::bigint, $2::bigint)) AS named (caller_id, chore_id)
      LEFT JOIN users u ON u.id = named.caller_id
                       AND u.is_active AND NOT u.is_parent
      LEFT JOIN chores c ON c.id = named.chore_id
      LEFT JOIN users k ON k.id = c.creator_id
      LEFT JOIN chore_assignments own ON own.chore_id = c.id
                                     AND own.assignee_id = u.id
), repeated AS (
    UPDATE chore_assignments a
       SET is_completed = true,
           is_approved = false,
           completion_date = statement_timestamp(),
           rejection_reason = NULL
      FROM subject s
     WHERE a.id = s.assignment_id AND s.problem IS NULL
    RETURNING a.id
), claimed AS (
    INSERT INTO chore_assignments AS a (chore_id, assignee_id, is_completed,
                                        completion_date)
    SELECT s.id, $1::bigint, true, statement_timestamp()
      FROM subject s
     WHERE s.assignment_id IS NULL AND s.problem IS NULL
        ON CONFLICT DO NOTHING
    RETURNING a.id
), done AS (
    SELECT id, false AS is_claim FROM repeated
     UNION ALL
    SELECT id, true FROM claimed
), noted AS (
    INSERT INTO activities (user_id, activity_type, description, activity_data,
                            created_at)
    SELECT $1::bigint, 'chore_completed', 'Completed chore: ' || s.title,
           jsonb_build_object('chore_id', s.id, 'chore_title', s.title),
           statement_timestamp()
      FROM subject s, done
)
SELECT CASE WHEN s.problem IS NULL AND done.id IS NULL THEN 'claim_pending'
            ELSE s.problem END AS problem,
       s.assignment_mode, done.is_claim,
       greatest(0, extract(epoch FROM statement_timestamp() - s.started_at))
           ::float8,
       s.approval_date, s.cooldown_days, statement_timestamp()
  FROM subject s
  LEFT JOIN done ON true
