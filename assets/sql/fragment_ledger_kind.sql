-- What a row l of the ledger is. Rows written by a program that does not know
-- the column have none and are judged by their reason.
coalesce(l.kind, CASE WHEN starts_with(l.reason, 'Approved chore: ')
                      THEN 'approval' ELSE 'manual' END)
