-- A page of what the caller has given, newest first.
SELECT ${adjustment}
  FROM reward_adjustments l
 WHERE l.parent_id = $1::bigint
 ORDER BY l.created_at DESC, l.id DESC
OFFSET $2::bigint LIMIT $3::bigint
