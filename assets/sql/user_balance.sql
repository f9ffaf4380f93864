-- A child's own money.
SELECT ledger.balance, ledger.earned, ledger.adjusted, ledger.paid_out,
       work.pending
  FROM users u, ${child_money}
 WHERE u.id = $1::bigint
