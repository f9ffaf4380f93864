-- Indexes for our statements on chore_assignments. Building one blocks writers of the table, about a second for a
-- million rows. Where that is too long, build it by hand before the upgrade with CREATE INDEX CONCURRENTLY, name and
-- definition as here, see that it is valid (\d chore_assignments), and this file finds it.

-- What a child still has to do or waits for: GET /chores/available, states, pending value of the balance.
-- A statement says NOT is_approved, alone or with more. is_completed stands in the key because the planner would
-- otherwise read all of idx_assignments_is_completed beside it.
CREATE INDEX IF NOT EXISTS idx_assignments_unapproved ON chore_assignments (assignee_id, is_completed)
    WHERE NOT is_approved;

-- What waits for a parent: pending approvals of some chores, and the count of all for the gauge (index only).
-- A statement says is_completed AND NOT is_approved.
CREATE INDEX IF NOT EXISTS idx_assignments_pending ON chore_assignments (chore_id)
    WHERE is_completed AND NOT is_approved;

-- A child's completions within a period: statistics.
CREATE INDEX IF NOT EXISTS idx_assignments_assignee_completion ON chore_assignments (assignee_id, completion_date);
