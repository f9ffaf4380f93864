-- How long the chore c rests after an approval. What the replaced service has
-- stored may be any number: a million days are for ever, and no date overflows.
least(greatest(c.cooldown_days, 0), 1000000)
