-- One writer at a time judges a child's balance; $1 is not needed here.
-- Not FOR UPDATE: the foreign keys of other inserts need not wait.
SELECT id
  FROM users
 WHERE id = $2::bigint AND $1::bigint IS NOT NULL
   FOR NO KEY UPDATE
