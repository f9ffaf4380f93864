-- One account of a name ($2) and of an address ($3, in any case) at a time, and
-- the parent ($4; null: the caller) stays in its family meanwhile.
SELECT pg_advisory_xact_lock(7101, hashtext($2::text)),
       pg_advisory_xact_lock(7102, hashtext(lower($3::text))),
       (SELECT id
          FROM users
         WHERE id = coalesce($4::bigint, $1::bigint)
           FOR SHARE)
