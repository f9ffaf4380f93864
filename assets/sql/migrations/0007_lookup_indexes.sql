-- Indexes for our statements on users and chores; locks and CONCURRENTLY as in 0004.

-- Is this email taken? Emails are compared by lower(email). Not unique: old rows may differ by case alone.
CREATE INDEX IF NOT EXISTS idx_users_email_lower ON users (lower(email));

-- The pool of a family's creators. A statement says assignment_mode = 'unassigned' AND NOT is_disabled.
CREATE INDEX IF NOT EXISTS idx_chores_pool ON chores (creator_id)
    WHERE assignment_mode = 'unassigned' AND NOT is_disabled;

-- Which of a child's approved chores come again, without a look at all those that don't. A statement joins by c.id
-- and says c.is_recurring AND NOT c.is_disabled.
CREATE INDEX IF NOT EXISTS idx_chores_recurring ON chores (id) WHERE is_recurring AND NOT is_disabled;

ANALYZE users;
