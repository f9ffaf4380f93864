-- A new code without expiry, one of the candidates $2, for the caller's
-- family if its code has expired.
WITH ${free_code}, renewed AS (
    UPDATE families f
       SET invite_code = c.code,
           invite_code_expires_at = NULL
      FROM users me, free_code c
     WHERE me.id = $1::bigint AND me.is_active AND me.is_parent
       AND f.id = me.family_id
       AND f.invite_code_expires_at <= statement_timestamp()
    RETURNING f.id
)
SELECT count(*) FROM renewed
