-- Removals from one family come one after the other: parents who remove each
-- other at once would leave it without any.
SELECT f.id
  FROM families f
 WHERE f.id = (SELECT family_id FROM users WHERE id = $1::bigint)
   FOR NO KEY UPDATE
