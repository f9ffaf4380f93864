-- Rejects an assignment for the reason $4, which is trimmed already. Runs
-- behind chore_lock.
WITH ${review}, decision AS (
    SELECT s.*,
           coalesce(
               s.missing, 'reject_' || s.outsider, s.idle,
               'reject_' || s.state,
               CASE WHEN $4::text = '' THEN 'rejection_reason_blank' END)
               AS problem
      FROM subject s
), rejected AS (
    UPDATE chore_assignments a
       SET is_completed = false,
           completion_date = NULL,
           rejection_reason = $4::text
      FROM decision d
     WHERE a.id = d.assignment_id AND d.problem IS NULL
       AND a.is_completed AND NOT a.is_approved
    RETURNING a.id
), noted AS (
    INSERT INTO activities (user_id, target_user_id, activity_type,
                            description, activity_data, created_at)
    SELECT $1::bigint, d.assignee_id, 'chore_rejected',
           'Rejected chore ''' || d.title || ''': ' || left($4::text, 50)
               || CASE WHEN char_length($4::text) > 50 THEN '...' ELSE '' END,
           jsonb_build_object('chore_id', d.chore_id, 'chore_title', d.title,
                              'rejection_reason', $4::text),
           statement_timestamp()
      FROM decision d, rejected
)
SELECT CASE WHEN d.problem IS NULL AND r.id IS NULL
            THEN 'reject_already_approved' ELSE d.problem END AS problem,
       d.assignment_id, d.assignment_mode
  FROM decision d
  LEFT JOIN rejected r ON true
