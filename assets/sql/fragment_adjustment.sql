l.amount::text, l.reason, l.id, l.child_id, l.parent_id, l.created_at
