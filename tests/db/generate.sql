-- Fills a migrated, empty database with believable rows: for query plans and load, as superuser.
--
--     psql -X -v families=1000 -f tests/db/generate.sql "$URL"
--
-- A family has 2 parents, 3 children, 930 chores, 1000 assignments, 1230 ledger rows and 3000 activities, so
-- families=1000 makes 1,000,000 assignments and 3,000,000 activities. Rows of all families are interleaved and grow
-- older towards the front, as in a real heap. Ids start at 1: family f has parents 5f-4 (creator), 5f-3 and
-- children 5f-2, 5f-1, 5f. Everybody's password is "password1".
\set ON_ERROR_STOP on
\if :{?families} \else \set families 1000 \endif
\set QUIET on
SET synchronous_commit = off;
SET timezone = 'UTC';
SET client_min_messages = warning;
SET work_mem = '256MB';
SET session_replication_role = replica; -- foreign keys hold by construction: don't look each up

BEGIN;

INSERT INTO families (id, name, invite_code, invite_code_expires_at, created_at)
SELECT f, 'Family ' || f, 'F' || lpad(f::text, 7, '0'),
       CASE f % 3 WHEN 0 THEN now() + (f % 40 - 20) * interval '1 day' END, now() - interval '730 days'
  FROM generate_series(1, :families) f;

INSERT INTO users (id, email, username, hashed_password, is_parent, parent_id, family_id, created_at)
SELECT 5 * f - 4 + k, CASE WHEN k < 2 THEN 'Parent' || f || '.' || k || '@example.com' END,
       CASE WHEN k < 2 THEN 'parent_' ELSE 'child_' END || f || '_' || k,
       '$2b$12$OfM4nWxhUP8RT7IozRRsTeb99Zuhr9IFiHqzvMn9t5u63ZCeXaFzm',
       k < 2, CASE WHEN k >= 2 THEN 5 * f - 4 END, f, now() - interval '730 days'
  FROM generate_series(1, :families) f, generate_series(0, 4) k;

-- Of a family's 930 chores number 0..869 are done once by one child, 870..909 recur for all three, 910..929 are the pool.
INSERT INTO chores (id, title, description, reward, min_reward, max_reward, is_range_reward, cooldown_days,
                    is_recurring, assignment_mode, is_disabled, creator_id, created_at, updated_at)
SELECT k * :families + f, 'Chore ' || k, 'What to do, number ' || k, (k % 40) * 0.25,
       CASE WHEN k % 25 = 0 THEN 1 END, CASE WHEN k % 25 = 0 THEN 9.5 END, k % 25 = 0,
       CASE WHEN k >= 870 THEN k % 8 ELSE 0 END, k >= 870,
       CASE WHEN k < 870 THEN 'single' WHEN k < 910 THEN 'multi_independent' ELSE 'unassigned' END,
       k % 50 = 7, 5 * f - 4 + k % 2, t.at, t.at
  FROM generate_series(0, 929) k, generate_series(1, :families) f,
       LATERAL (SELECT now() - (930 - k) * interval '18 hours' - f * interval '7 seconds' AS at) t
 ORDER BY k, f;

-- 870 of the first kind, 120 of the second, 10 claims of the pool. Of twenty, 17 are approved, one is pending.
INSERT INTO chore_assignments (id, chore_id, assignee_id, is_completed, is_approved, completion_date, approval_date,
                               approval_reward, created_at, updated_at)
SELECT n * :families + f, k * :families + f, 5 * f - child, s < 18, s < 17,
       CASE WHEN s < 18 THEN t.at + interval '5 hours' END, CASE WHEN s < 17 THEN t.at + interval '6 hours' END,
       CASE WHEN s < 17 THEN (k % 40) * 0.25 END, t.at, t.at + interval '6 hours'
  FROM generate_series(0, 999) n
 CROSS JOIN LATERAL (
       SELECT CASE WHEN n < 870 THEN n WHEN n < 990 THEN 870 + (n - 870) / 3 ELSE n - 80 END AS k,
              n % 3 AS child, (n * 7) % 20 AS s) p,
       generate_series(1, :families) f,
       LATERAL (SELECT now() - (1000 - n) * interval '17 hours' - f * interval '7 seconds' AS at) t
 ORDER BY n, f;

-- One row an approval, 360 of earlier cycles, 20 by hand.
INSERT INTO reward_adjustments (child_id, parent_id, amount, reason, created_at, kind, assignment_id)
SELECT 5 * f - n % 3, 5 * f - 4 + n % 2, CASE WHEN n < 1210 THEN (n % 40) * 0.25 ELSE (n % 7) - 2.5 END,
       CASE WHEN n < 1210 THEN 'Approved chore: Chore ' || k ELSE 'For something else' END,
       now() - (1230 - n) * interval '14 hours' - f * interval '7 seconds',
       CASE WHEN n < 1210 THEN 'approval' ELSE 'manual' END, CASE WHEN n < 1210 THEN a * :families + f END
  FROM generate_series(0, 1229) n
 CROSS JOIN LATERAL (SELECT CASE WHEN n < 850 THEN n ELSE 870 + n % 120 END AS a) q
 CROSS JOIN LATERAL (SELECT CASE WHEN n < 850 THEN n ELSE 870 + n % 120 / 3 END AS k) p,
       generate_series(1, :families) f
 ORDER BY n, f;

INSERT INTO activities (user_id, activity_type, description, target_user_id, activity_data, created_at)
SELECT CASE WHEN n % 3 = 1 THEN 5 * f - k % 3 ELSE 5 * f - 4 + k % 2 END,
       (ARRAY['chore_created', 'chore_completed', 'chore_approved'])[n % 3 + 1],
       (ARRAY['Created', 'Completed', 'Approved'])[n % 3 + 1] || ' chore: Chore ' || k,
       CASE WHEN n % 3 <> 1 THEN 5 * f - k % 3 END,
       jsonb_build_object('chore_id', k * :families + f, 'chore_title', 'Chore ' || k),
       now() - (3000 - n) * interval '5 hours' - f * interval '7 seconds'
  FROM generate_series(0, 2999) n
 CROSS JOIN LATERAL (SELECT (n / 3) % 930 AS k) p,
       generate_series(1, :families) f
 ORDER BY n, f;

SELECT setval(s, n) FROM (VALUES
       ('families_id_seq', :families), ('users_id_seq', 5 * :families),
       ('chores_id_seq', 930 * :families), ('chore_assignments_id_seq', 1000 * :families)) v (s, n) \g /dev/null

COMMIT;
VACUUM ANALYZE;
