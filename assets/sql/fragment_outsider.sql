-- Why the parent me may not act on a chore of the creator k; null if it may.
CASE
       WHEN me.family_id = k.family_id THEN NULL
       WHEN me.family_id <> k.family_id THEN 'outside_family'
       WHEN me.id <> k.id THEN 'not_creator'
       END
