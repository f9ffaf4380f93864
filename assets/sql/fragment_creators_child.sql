-- Whether a chore of the creator k may be done by the child u.
coalesce(u.family_id = k.family_id, u.parent_id = k.id, false)
