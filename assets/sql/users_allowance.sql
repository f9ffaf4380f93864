-- The money of each of the caller's children.
SELECT u.id, u.username, work.completed_chores, ledger.earned, ledger.adjusted,
       ledger.paid_out, ledger.balance
  FROM users me
  JOIN users u ON ${my_child}, ${child_money}
 WHERE me.id = $1::bigint
 ORDER BY CASE WHEN me.family_id IS NOT NULL THEN u.username END, u.id
