-- Whether the account may be made: $2 who acts where the operation is public,
-- $3 username, $4 email, $5 is_parent, $6 parent_id (null: the one who acts).
actor AS (
    SELECT id, family_id
      FROM users
     WHERE id = coalesce($1::bigint, $2::bigint) AND is_active AND is_parent
), parent AS (
    SELECT p.id, p.family_id,
           p.is_parent AND p.is_active
               AND (p.id = a.id OR p.family_id = a.family_id) AS is_ours
      FROM actor a
      JOIN users p ON p.id = coalesce($6::bigint, a.id)
), decision AS (
    SELECT CASE
           WHEN $1::bigint IS NOT NULL AND NOT EXISTS (SELECT FROM actor)
           THEN 'only_parents_create_users'
           WHEN NOT $5::boolean AND NOT EXISTS (SELECT FROM actor)
           THEN 'parent_id_required'
           WHEN NOT $5::boolean AND NOT EXISTS (SELECT FROM parent)
           THEN 'parent_user_not_found'
           WHEN NOT $5::boolean
            AND NOT EXISTS (SELECT FROM parent WHERE is_ours)
           THEN 'only_own_family_children'
           WHEN EXISTS (SELECT FROM users WHERE username = $3::text)
           THEN 'username_taken'
           WHEN EXISTS (SELECT FROM users WHERE lower(email) = lower($4::text))
           THEN 'email_taken'
           END AS problem
)
