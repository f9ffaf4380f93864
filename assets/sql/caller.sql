-- Who asks: the first statement of every job with a token.
SELECT ${user}, u.family_id, u.created_at
  FROM users u
 WHERE u.id = $1::bigint
