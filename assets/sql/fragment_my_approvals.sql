-- The approvals of the children in `children`, each once, as the ledger has
-- them; the last one of an assignment that is still approved together with
-- that assignment, whose own dates then hold.
approvals AS (
    SELECT l.id, l.child_id, l.amount, l.reason, l.created_at,
           l.assignment_id, a.chore_id, a.created_at AS assigned_at,
           CASE WHEN a.is_approved AND l.is_last THEN a.completion_date
           END AS completed_at,
           CASE WHEN a.is_approved AND l.is_last THEN a.updated_at
           END AS updated_at
      FROM (SELECT l.*, row_number() OVER (PARTITION BY l.assignment_id
                                           ORDER BY l.id DESC) = 1 AS is_last
              FROM children k
              JOIN reward_adjustments l ON l.child_id = k.id
             WHERE ${ledger_kind} = 'approval') l
      LEFT JOIN chore_assignments a ON a.id = l.assignment_id
)
