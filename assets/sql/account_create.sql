-- Makes the account with the password hash $7. A child made by its parent
-- joins that parent's family; one that registers does not.
-- Whoever lost a race to a writer without account_lock conflicts.
WITH ${account_decision}, made AS (
    INSERT INTO users AS u (username, email, hashed_password, is_active,
                            is_parent, parent_id, family_id)
    SELECT $3::text, $4::text, $7::text, true, $5::boolean, p.id,
           CASE WHEN $1::bigint IS NOT NULL THEN p.family_id END
      FROM decision d
      LEFT JOIN parent p ON NOT $5::boolean
     WHERE d.problem IS NULL
        ON CONFLICT DO NOTHING
    RETURNING ${user}, u.family_id, u.created_at, u.updated_at
)
SELECT CASE
       WHEN d.problem IS NULL AND u.id IS NULL THEN 'username_taken'
       ELSE d.problem
       END AS problem,
       ${user}, u.family_id, u.created_at, u.updated_at
  FROM decision d
  LEFT JOIN made u ON true
