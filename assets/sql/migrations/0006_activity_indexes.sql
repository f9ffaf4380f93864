-- Indexes for our statements on activities; locks and CONCURRENTLY as in 0004. A feed takes the newest rows of each
-- person, as actor and as target, ORDER BY created_at DESC, id DESC, and merges them.

CREATE INDEX IF NOT EXISTS idx_activities_user_created ON activities (user_id, created_at, id);
CREATE INDEX IF NOT EXISTS idx_activities_target_created ON activities (target_user_id, created_at, id)
    WHERE target_user_id IS NOT NULL;
