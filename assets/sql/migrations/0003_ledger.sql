-- reward_adjustments becomes the ledger: each row is an approval, a manual adjustment or (later) a payout, and a
-- child's balance is the sum of its rows.
--
-- kind            what the row is. Rows of the first implementation, should it still run, have none and are judged
--                 by their reason. Every statement that asks writes, with r the row:
--
--                     COALESCE(r.kind, CASE WHEN starts_with(r.reason, 'Approved chore: ')
--                                           THEN 'approval' ELSE 'manual' END)
--
-- assignment_id   the assignment that an approval paid, so that a history can name it. No foreign key: the ledger
--                 outlives chores that are deleted. NULL where it isn't known.
--
-- Approved assignments that have no row get one. Which have one is a matter of counting, not of existence: two
-- chores of one title, approved one after the other, need two rows. So each assignment is paired with the nearest
-- row of its child, reason and amount, best pairs first, and nothing is paired twice. Near means
--   * written up to a minute after the assignment was last touched (the database's clock wrote both; an approval was
--     two commits, some milliseconds apart), or, if something touched it since,
--   * written within ten seconds of approval_date, or of that plus a time zone's offset: the first implementation
--     sent UTC without a zone, which a session in another zone stored hours off.
--
-- Locks: writers of both tables wait until this migration has committed, seconds for a million rows.

LOCK TABLE chore_assignments IN SHARE ROW EXCLUSIVE MODE;

-- An approval that has just been committed may still be about to write its row: let it.
SELECT pg_sleep(2)
 WHERE EXISTS (SELECT FROM chore_assignments
                WHERE is_approved AND updated_at > clock_timestamp() - interval '5 seconds');

ALTER TABLE reward_adjustments
    ADD COLUMN kind text
        CONSTRAINT ck_adjustments_kind CHECK (kind IN ('approval', 'manual', 'payout')),
    ADD COLUMN assignment_id integer;

CREATE TEMPORARY TABLE migration_paid ON COMMIT DROP AS
SELECT a.id, a.assignee_id AS child_id, c.creator_id AS parent_id, 'Approved chore: ' || c.title AS reason,
       chores_cents(COALESCE(a.approval_reward, c.reward)) AS amount, a.approval_date, a.updated_at
  FROM chore_assignments a
  JOIN chores c ON c.id = a.chore_id
 WHERE a.is_completed AND a.is_approved;
ANALYZE migration_paid;

CREATE TEMPORARY TABLE migration_pair (
    assignment_id integer UNIQUE,
    adjustment_id integer UNIQUE
) ON COMMIT DROP;

-- What conflicts with a pair made before is left out: that is the whole of "nothing is paired twice".
INSERT INTO migration_pair (assignment_id, adjustment_id)
SELECT p.id, r.id
  FROM migration_paid p
  JOIN reward_adjustments r ON r.child_id = p.child_id AND r.amount = p.amount AND r.reason = p.reason
 CROSS JOIN LATERAL (
       SELECT extract(epoch FROM r.created_at - p.updated_at)::float8 AS since_touch,
              extract(epoch FROM r.created_at - p.approval_date)::float8 AS since_approval) t
 CROSS JOIN LATERAL (
       SELECT round(t.since_approval / 900) AS quarters) q
 CROSS JOIN LATERAL (
       SELECT CASE WHEN t.since_touch BETWEEN -1 AND 60 THEN abs(t.since_touch)
                   WHEN q.quarters BETWEEN -12 * 4 AND 14 * 4 AND abs(t.since_approval - 900 * q.quarters) <= 10
                   THEN 100 + abs(t.since_approval - 900 * q.quarters) + 100 * abs(q.quarters)
              END AS distance) d
 WHERE d.distance IS NOT NULL
 ORDER BY d.distance, r.id, p.id
    ON CONFLICT DO NOTHING;
ANALYZE migration_pair;

-- The rows of earlier cycles belong to an assignment too, where only one of the child's can be meant.
UPDATE reward_adjustments r
   SET kind = CASE WHEN starts_with(o.reason, 'Approved chore: ') THEN 'approval' ELSE 'manual' END,
       assignment_id = COALESCE(m.assignment_id, s.assignment_id)
  FROM reward_adjustments o
  LEFT JOIN migration_pair m ON m.adjustment_id = o.id
  LEFT JOIN (SELECT a.assignee_id, 'Approved chore: ' || c.title AS reason, min(a.id) AS assignment_id,
                    min(a.created_at) AS created_at
               FROM chore_assignments a
               JOIN chores c ON c.id = a.chore_id
              GROUP BY 1, 2
             HAVING count(*) = 1) s
         ON s.assignee_id = o.child_id AND s.reason = o.reason AND s.created_at <= o.created_at
 WHERE r.id = o.id;

INSERT INTO reward_adjustments (child_id, parent_id, amount, reason, created_at, kind, assignment_id)
SELECT p.child_id, p.parent_id, p.amount, p.reason, COALESCE(p.approval_date, p.updated_at), 'approval', p.id
  FROM migration_paid p
 WHERE p.amount IS NOT NULL
   AND NOT EXISTS (SELECT FROM migration_pair m WHERE m.assignment_id = p.id)
 ORDER BY COALESCE(p.approval_date, p.updated_at), p.id;

-- Rewards that no ledger can hold come from a time when nothing checked them.
DO $$
DECLARE
    ids text;
BEGIN
    SELECT string_agg(id::text, ', ' ORDER BY id) INTO ids FROM migration_paid WHERE amount IS NULL;
    IF ids IS NOT NULL THEN
        RAISE WARNING 'approved with an impossible reward, not in the ledger: assignments %', ids;
    END IF;
END
$$;

ANALYZE reward_adjustments;
