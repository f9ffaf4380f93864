-- The account of exactly this name, and what its password is checked against.
SELECT id, hashed_password, is_active, is_parent
  FROM users
 WHERE username = $2::text AND $1::bigint IS NULL
