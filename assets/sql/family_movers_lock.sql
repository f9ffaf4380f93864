-- Who is about to enter a family must not enter another one meanwhile.
SELECT u.id
  FROM users u
 WHERE ${family_movers}
 ORDER BY u.id
   FOR NO KEY UPDATE
