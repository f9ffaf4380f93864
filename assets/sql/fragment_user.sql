u.username, u.is_parent, u.email, u.id, u.is_active, u.parent_id
