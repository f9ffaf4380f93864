-- Indexes for our statements on reward_adjustments; locks and CONCURRENTLY as in 0004. The id makes pages stable:
-- ORDER BY created_at DESC, id DESC reads them backwards.

-- Lists, histories, sums and statistics by child; those of a parent without a family by author.
CREATE INDEX IF NOT EXISTS idx_adjustments_child_created ON reward_adjustments (child_id, created_at, id);
CREATE INDEX IF NOT EXISTS idx_adjustments_parent_created ON reward_adjustments (parent_id, created_at, id);
