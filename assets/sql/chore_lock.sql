-- Whoever changes a chore or its assignments does so one after the other.
SELECT c.id
  FROM chores c
 WHERE ${the_chore} AND $1::bigint IS NOT NULL
   FOR UPDATE
