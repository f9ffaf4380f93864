-- Whether an account may be made, before its password is worth hashing.
WITH ${account_decision}
SELECT problem FROM decision
