-- Makes a family for the caller and its children without one: $2 candidates
-- for its code, $3 its name (null or empty: after the caller).
WITH actor AS (
    SELECT id, username, family_id
      FROM users
     WHERE id = $1::bigint AND is_active AND is_parent
), ${free_code}, decision AS (
    SELECT CASE
           WHEN NOT EXISTS (SELECT FROM actor) THEN 'parent_privileges'
           WHEN EXISTS (SELECT FROM actor WHERE family_id IS NOT NULL)
           THEN 'already_in_family'
           WHEN NOT EXISTS (SELECT FROM free_code) THEN 'unavailable'
           END AS problem
), made AS (
    INSERT INTO families AS f (name, invite_code)
    SELECT coalesce(nullif($3::text, ''), a.username || '''s Family'), c.code
      FROM actor a, free_code c, decision d
     WHERE d.problem IS NULL
        ON CONFLICT DO NOTHING
    RETURNING ${family}
), moved AS (
    UPDATE users u
       SET family_id = f.id
      FROM made f
     WHERE ${family_movers}
)
SELECT CASE
       WHEN d.problem IS NULL AND f.id IS NULL THEN 'unavailable'
       ELSE d.problem
       END AS problem,
       ${family}
  FROM decision d
  LEFT JOIN made f ON true
