-- The users u who enter a family with the caller: itself and its children
-- that have none.
(u.id = $1::bigint
    OR (u.parent_id = $1::bigint AND NOT u.is_parent AND u.family_id IS NULL))
