-- The least reward must not be more than the most. For a range an absent bound
-- counts 0; b has both and is_range_reward.
CASE
       WHEN b.is_range_reward
        AND coalesce(b.min_reward, 0) > coalesce(b.max_reward, 0)
       THEN 'minimum_above_maximum'
       WHEN b.min_reward > b.max_reward THEN 'minimum_above_maximum'
       END
