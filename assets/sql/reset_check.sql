-- Whether a password may be reset, before the new one is worth hashing.
WITH ${reset_decision}
SELECT problem FROM decision
