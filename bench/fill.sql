-- Fills a migrated, empty database with the families that the bench asks for, as superuser.
--
--     psql -X -v families=1000 -v chores=50 -f bench/fill.sql "$URL"
--
-- Family f has the parent 3f-2 and the children 3f-1 and 3f. Its chores (f-1)*50+1 ... f*50 recur without a cooldown:
-- 40 of one child, 10 of both. All belong to nobody's turn, so that each can be completed and approved at once and again.
-- Behind them stand parents without a family whose lists have 1, 10, 100, 1,000 and 10,000 chores: ids 3*families+1 ... +5.
-- Everybody's password is "password1". All times have six digits of a second, since languages differ in printing zeros.
\set ON_ERROR_STOP on
\set QUIET on
SET synchronous_commit = off;
SET client_min_messages = warning;
SELECT date_trunc('day', now()) - interval '30 days' + interval '123456 microseconds' AS created \gset
SET session_replication_role = replica; -- foreign keys hold by construction: don't look each up

BEGIN;

INSERT INTO families (id, name, invite_code)
SELECT f, 'Family ' || f, 'F' || lpad(f::text, 7, '0') FROM generate_series(1, :families) f;

INSERT INTO users (id, email, username, hashed_password, is_parent, parent_id, family_id)
SELECT 3 * f - 2 + k, CASE WHEN k = 0 THEN 'parent' || f || '@example.com' END, 'member_' || f || '_' || k,
       '$2b$12$OfM4nWxhUP8RT7IozRRsTeb99Zuhr9IFiHqzvMn9t5u63ZCeXaFzm',
       k = 0, CASE WHEN k > 0 THEN 3 * f - 2 END, f
  FROM generate_series(1, :families) f, generate_series(0, 2) k;

INSERT INTO chores (id, title, description, reward, cooldown_days, is_recurring, assignment_mode, creator_id,
                    created_at, updated_at)
SELECT (f - 1) * :chores + k, 'Chore ' || k, 'What to do, number ' || k, (k % 40) * 0.25, 0, true,
       CASE WHEN k <= :chores * 4 / 5 THEN 'single' ELSE 'multi_independent' END, 3 * f - 2,
       :'created', :'created'
  FROM generate_series(1, :families) f, generate_series(1, :chores) k;

INSERT INTO chore_assignments (chore_id, assignee_id, created_at, updated_at)
SELECT c.id, c.creator_id + child, :'created', :'created'
  FROM chores c, generate_series(1, 2) child
 WHERE c.assignment_mode = 'multi_independent' OR child = 1 + c.id % 2;

INSERT INTO users (id, email, username, hashed_password, is_parent)
SELECT 3 * :families + 1 + n, 'list' || n || '@example.com', 'list_' || n, '!', true
  FROM generate_series(0, 4) n;

INSERT INTO chores (title, description, reward, assignment_mode, creator_id, id)
SELECT 'Chore ' || k, 'What to do, number ' || k, 1, 'unassigned', 3 * :families + 1 + n,
       :families * :chores + row_number() OVER ()
  FROM generate_series(0, 4) n, generate_series(1, (10 ^ n)::int) k;

SELECT setval('families_id_seq', (SELECT max(id) FROM families)),
       setval('users_id_seq', (SELECT max(id) FROM users)),
       setval('chores_id_seq', (SELECT max(id) FROM chores)) \g /dev/null

COMMIT;
VACUUM ANALYZE;
