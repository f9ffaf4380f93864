-- A new code for the caller's family: $2 candidates, $3 days until it expires
-- (null: never). No row: the caller has no family any more.
WITH ${free_code}
UPDATE families f
   SET invite_code = c.code,
       invite_code_expires_at =
           statement_timestamp() + $3::bigint * interval '24 hours'
  FROM users me, free_code c
 WHERE me.id = $1::bigint AND me.is_active AND me.is_parent
   AND f.id = me.family_id
RETURNING f.invite_code, f.invite_code_expires_at, f.name
