-- Why the child u may not complete the chore c of the creator k now; null if
-- it may. own is its assignment, if any. A pool chore is first come, first
-- served: nobody else has it while a claim waits for approval, and what is not
-- recurring is done once. A cooldown is each child's own.
CASE
       WHEN c.is_disabled THEN 'chore_is_disabled'
       WHEN c.assignment_mode NOT IN ('single', 'multi_independent',
                                      'unassigned')
       THEN 'unknown_mode'
       WHEN own.id IS NULL
        AND NOT (c.assignment_mode = 'unassigned' AND ${creators_child})
       THEN 'not_assigned'
       WHEN own.is_completed AND NOT own.is_approved
       THEN CASE WHEN c.assignment_mode = 'unassigned' THEN 'claim_pending'
                 ELSE 'completion_pending' END
       WHEN c.assignment_mode = 'unassigned'
        AND EXISTS (SELECT
                      FROM chore_assignments other
                     WHERE other.chore_id = c.id
                       AND other.is_completed AND NOT other.is_approved)
       THEN 'completion_pending'
       WHEN NOT c.is_recurring
        AND (own.is_approved
             OR (c.assignment_mode = 'unassigned'
                 AND EXISTS (SELECT
                               FROM chore_assignments other
                              WHERE other.chore_id = c.id
                                AND other.is_approved)))
       THEN 'completion_approved'
       WHEN c.is_recurring
        AND (own.is_approved OR c.assignment_mode <> 'unassigned')
        AND statement_timestamp()
            < own.approval_date + ${cooldown_days} * interval '24 hours'
       THEN CASE WHEN c.assignment_mode = 'unassigned' THEN 'claim_cooldown'
                 ELSE 'completion_cooldown' END
       END
