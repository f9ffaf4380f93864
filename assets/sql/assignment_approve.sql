-- Approves an assignment and pays: the chore's reward, or within its range
-- what the parent says ($4). Runs behind chore_lock.
WITH ${review}, offer AS (
    SELECT s.*,
           CASE WHEN s.is_range_reward THEN $4::float8 ELSE s.reward END
               AS paid,
           CASE WHEN s.is_range_reward THEN coalesce(s.min_reward, 0) ELSE 0 END
               AS least,
           CASE WHEN s.is_range_reward THEN coalesce(s.max_reward, 1000)
                ELSE 1000 END AS most
      FROM subject s
), decision AS (
    SELECT o.*,
           coalesce(
               o.missing, 'approve_' || o.outsider, o.idle,
               'approve_' || o.state,
               CASE
               WHEN o.paid IS NULL THEN 'reward_required'
               WHEN NOT o.paid BETWEEN o.least AND o.most
               THEN 'reward_out_of_bounds'
               END) AS problem
      FROM offer o
), approved AS (
    UPDATE chore_assignments a
       SET is_approved = true,
           approval_date = statement_timestamp(),
           approval_reward = d.paid,
           rejection_reason = NULL
      FROM decision d
     WHERE a.id = d.assignment_id AND d.problem IS NULL
       AND a.is_completed AND NOT a.is_approved
    RETURNING a.id
), paid AS (
    INSERT INTO reward_adjustments AS l (child_id, parent_id, amount, reason,
                                         kind, assignment_id)
    SELECT d.assignee_id, $1::bigint, chores_cents(d.paid),
           'Approved chore: ' || d.title, 'approval', d.assignment_id
      FROM decision d, approved
    RETURNING l.*
), noted AS (
    -- The text rounds halves, which are eighths, to the even cent as printf()
    -- does; the ledger rounds them up.
    INSERT INTO activities (user_id, target_user_id, activity_type,
                            description, activity_data, created_at)
    SELECT l.parent_id, l.child_id, 'chore_approved',
           'Approved chore ''' || d.title || ''' for $'
               || CASE WHEN d.paid * 8 = trunc(d.paid * 8)
                        AND (d.paid * 8)::int % 2 = 1
                       THEN round(d.paid::numeric * 50) * 0.02
                       ELSE l.amount END::numeric(10, 2)::text,
           jsonb_build_object(
               'chore_id', d.chore_id, 'chore_title', d.title,
               'reward_amount', round(d.paid::text::numeric,
                   greatest(scale(d.paid::text::numeric), 1))),
           statement_timestamp()
      FROM decision d, paid l
)
SELECT CASE WHEN d.problem IS NULL AND l.id IS NULL
            THEN 'approve_already_approved' ELSE d.problem END AS problem,
       d.assignment_id, d.assignment_mode, d.paid, d.least, d.most,
       (l.amount * 100)::bigint, ${adjustment}
  FROM decision d
  LEFT JOIN paid l ON true
