-- The caller and its children without a family enter that of the code $2.
WITH actor AS (
    SELECT id, family_id
      FROM users
     WHERE id = $1::bigint AND is_active AND is_parent
), opened AS (
    SELECT id, name
      FROM families
     WHERE invite_code = $2::text
       AND (invite_code_expires_at IS NULL
            OR invite_code_expires_at > statement_timestamp())
), decision AS (
    SELECT CASE
           WHEN NOT EXISTS (SELECT FROM actor) THEN 'parent_privileges'
           WHEN EXISTS (SELECT FROM actor WHERE family_id IS NOT NULL)
           THEN 'already_in_family'
           WHEN NOT EXISTS (SELECT FROM opened) THEN 'invalid_invite_code'
           END AS problem
), moved AS (
    UPDATE users u
       SET family_id = f.id
      FROM opened f, decision d
     WHERE d.problem IS NULL AND ${family_movers}
)
SELECT d.problem, f.id, f.name
  FROM decision d
  LEFT JOIN opened f ON true
