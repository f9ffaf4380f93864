-- Sets a child's password to the hash $3.
WITH ${reset_decision}, changed AS (
    UPDATE users u
       SET hashed_password = $3::text
      FROM decision d
     WHERE u.id = $2::bigint AND d.problem IS NULL
    RETURNING ${user}
)
SELECT d.problem, ${user}
  FROM decision d
  LEFT JOIN changed u ON true
