c.title, c.description, c.reward, c.min_reward, c.max_reward,
       c.is_range_reward, c.cooldown_days, c.is_recurring, c.frequency,
       c.is_disabled, c.id, c.assignment_mode, c.creator_id, c.created_at,
       c.updated_at
