-- Whether the database answers, and what it is. $1 is not used.
SELECT version() WHERE $1::bigint IS NULL OR true
