a.activity_type, a.description, a.target_user_id, a.activity_data, a.id,
       a.user_id, a.created_at,
       u.username, u.is_parent, u.email, u.id, u.is_active, u.parent_id,
       t.username, t.is_parent, t.email, t.id, t.is_active, t.parent_id
