-- Whether u is a child of the parent me: by the link or by the family.
NOT u.is_parent AND (u.parent_id = me.id OR u.family_id = me.family_id)
