-- Rows as the first implementation left them, the dirty ones included. Titles of chores say what each is for.

INSERT INTO families (id, name, invite_code, invite_code_expires_at, created_at, updated_at) VALUES
    (1, 'Fam ünï', 'RN0HI7X1', NULL, '2026-01-01 10:00Z', '2026-01-01 10:00Z'),
    (2, NULL, '12345678', '2026-01-20 10:00Z', '2026-01-02 10:00Z', '2026-02-02 10:00Z'),
    (3, 'nobody in it', 'AAAAAAAA', NULL, '2026-01-03 10:00Z', '2026-01-03 10:00Z');

INSERT INTO users (id, email, username, hashed_password, is_active, is_parent, parent_id, family_id, created_at, updated_at)
SELECT id, email, username, hash, active, parent, parent_id, family_id, '2026-01-01 10:00Z', '2026-01-05 10:00Z'
  FROM (VALUES
    (1, 'Mum@Example.COM', 'mum', '$2b$12$OfM4nWxhUP8RT7IozRRsTeb99Zuhr9IFiHqzvMn9t5u63ZCeXaFzm', true, true, NULL, 1),
    (2, 'mum@example.com', 'ab', '$2a$12$OfM4nWxhUP8RT7IozRRsTeb99Zuhr9IFiHqzvMn9t5u63ZCeXaFzm', true, true, 1, 1),
    (3, 'not an email', repeat('n', 100), '$2y$10$OfM4nWxhUP8RT7IozRRsTeb99Zuhr9IFiHqzvMn9t5u63ZCeXaFzm', true, true, NULL, 2),
    (4, 'a..b@c.d', 'x', '!', false, true, NULL, NULL),
    (10, NULL, 'kid', '$2b$12$OfM4nWxhUP8RT7IozRRsTeb99Zuhr9IFiHqzvMn9t5u63ZCeXaFzm', true, false, 1, 1),
    (11, '', 'child of a child', '$2b$12$OfM4nWxhUP8RT7IozRRsTeb99Zuhr9IFiHqzvMn9t5u63ZCeXaFzm', true, false, 10, 2),
    (12, 'spec@foo.test', 'twin', '$2b$12$OfM4nWxhUP8RT7IozRRsTeb99Zuhr9IFiHqzvMn9t5u63ZCeXaFzm', true, false, 3, 1))
    v (id, email, username, hash, active, parent, parent_id, family_id);

INSERT INTO chores (id, title, description, reward, is_recurring, assignment_mode, creator_id, approval_reward,
                    rejection_reason, min_reward, max_reward, created_at, updated_at)
SELECT id, title, '', reward, title = 'cycles', CASE id WHEN 3 THEN 'bogus' ELSE 'single' END, creator, 3.5,
       CASE id WHEN 4 THEN 'legacy' END, 9, 1, '2026-01-10 10:00Z', '2026-01-10 10:00Z'
  FROM (VALUES
    (1, 'paid', 5, 1), (2, 'paid', 5, 1), (3, 'unpaid', 2.5, 1), (4, 'one of two', 4, 1), (5, 'one of two', 4, 1),
    (6, 'cycles', 2, 1), (7, 'skewed', 3, 1), (8, 'touched', 6, 2), (9, 'no reward', 7, 1), (10, 'halves', 1.005, 1),
    (11, 'halves unpaid', 2.675, 1), (12, 'huge', 2e8, 1), (13, 'race', 8, 1), (14, 'pending', 9, 1),
    (15, 'undated', 1.5, 1), (16, 'nothing', 0, 1), (17, '', -3, 1), (18, repeat('t', 255), 1.25, 3), (19, 'nan', 'NaN', 1),
    (20, 'twins', 2, 1)) v (id, title, reward, creator);

INSERT INTO chore_assignments (id, chore_id, assignee_id, is_completed, is_approved, completion_date, approval_date,
                               approval_reward, rejection_reason, created_at, updated_at)
SELECT id, chore, child, completed, approved, CASE WHEN completed THEN updated::timestamptz - interval '1 hour' END,
       approval::timestamptz, reward, CASE id WHEN 13 THEN 'no' END, '2026-01-11 10:00Z', updated::timestamptz
  FROM (VALUES
    (1, 1, 10, true, true, '2026-03-01 14:00:00.011Z', '2026-03-01 14:00:00.000Z', 5),
    (2, 2, 10, true, true, '2026-03-01 14:00:00.012Z', '2026-03-01 14:00:00.005Z', 5),
    (3, 3, 10, true, true, '2026-03-02 14:00:00.011Z', '2026-03-02 14:00:00.000Z', 2.5),
    (4, 4, 10, true, true, '2026-03-03 14:00:00.011Z', '2026-03-03 14:00:00.000Z', 4),
    (5, 5, 10, true, true, '2026-03-03 14:00:20.011Z', '2026-03-03 14:00:20.000Z', 4),
    (6, 6, 10, true, true, '2026-03-22 14:00:00.011Z', '2026-03-22 14:00:00.000Z', 2),
    (7, 7, 10, true, true, '2026-03-04 19:00:00.011Z', '2026-03-04 14:00:00.000Z', 3),
    (8, 8, 10, true, true, '2026-03-05 19:00:00.011Z', '2026-04-01 00:00:00.000Z', 6),
    (9, 9, 10, true, true, '2026-03-06 14:00:00.011Z', '2026-03-06 14:00:00.000Z', NULL),
    (10, 10, 10, true, true, '2026-03-07 14:00:00.011Z', '2026-03-07 14:00:00.000Z', 1.005),
    (11, 11, 10, true, true, '2026-03-08 14:00:00.011Z', '2026-03-08 14:00:00.000Z', 2.675),
    (12, 12, 10, true, true, '2026-03-09 14:00:00.011Z', '2026-03-09 14:00:00.000Z', 2e8),
    (13, 13, 10, false, true, '2026-03-10 14:00:00.011Z', '2026-03-10 14:00:00.000Z', 8),
    (14, 14, 10, true, false, NULL, '2026-03-11 14:00:00.000Z', NULL),
    (15, 15, 10, true, true, NULL, '2026-03-12 14:00:00.000Z', 1.5),
    (16, 16, 10, true, true, '2026-03-13 14:00:00.011Z', '2026-03-13 14:00:00.000Z', 0),
    (17, 17, 10, true, true, '2026-03-14 14:00:00.011Z', '2026-03-14 14:00:00.000Z', -3),
    (18, 18, 11, true, true, '2026-03-15 14:00:00.011Z', '2026-03-15 14:00:00.000Z', 1.25),
    (19, 19, 11, true, true, '2026-03-16 14:00:00.011Z', '2026-03-16 14:00:00.000Z', 'NaN'),
    (20, 20, 10, true, true, '2026-03-17 14:00:00.011Z', '2026-03-17 14:00:00.000Z', 2),
    (21, 20, 12, true, true, '2026-03-17 14:00:00.014Z', '2026-03-17 14:00:00.003Z', 2))
    v (id, chore, child, completed, approved, approval, updated, reward);

-- Two rows that both stand nearest to the later of two approvals; one row for two; three earlier cycles; a row five
-- hours from its approval_date, twice; cents; a race that was paid; zero; only one of the twins; by hand, one of
-- them with our prefix; an approval of a chore that is gone.
INSERT INTO reward_adjustments (id, child_id, parent_id, amount, reason, created_at) VALUES
    (1, 10, 1, 5, 'Approved chore: paid', '2026-03-01 14:00:00.028Z'),
    (2, 10, 2, 5, 'Approved chore: paid', '2026-03-01 14:00:00.030Z'),
    (3, 10, 1, 4, 'Approved chore: one of two', '2026-03-03 14:00:20.022Z'),
    (4, 10, 1, 2, 'Approved chore: cycles', '2026-03-01 14:00:00.022Z'),
    (5, 10, 1, 2, 'Approved chore: cycles', '2026-03-08 14:00:00.022Z'),
    (6, 10, 1, 2, 'Approved chore: cycles', '2026-03-15 14:00:00.022Z'),
    (7, 10, 1, 3, 'Approved chore: skewed', '2026-03-04 14:00:00.022Z'),
    (8, 10, 2, 6, 'Approved chore: touched', '2026-03-05 14:00:00.022Z'),
    (9, 10, 1, 1.00, 'Approved chore: halves', '2026-03-07 14:00:00.022Z'),
    (10, 10, 1, 8, 'Approved chore: race', '2026-03-10 14:00:00.022Z'),
    (11, 10, 1, 0, 'Approved chore: nothing', '2026-03-13 14:00:00.022Z'),
    (12, 12, 1, 2, 'Approved chore: twins', '2026-03-17 14:00:00.022Z'),
    (13, 10, 1, 3, 'For being nice', '2026-03-01 15:00Z'),
    (14, 10, 2, -1.25, 'approved chore: not quite', '2026-03-02 15:00Z'),
    (15, 10, 1, 0.75, 'Approved chore: unpaid', '2026-03-02 14:00:00.500Z'),
    (16, 11, 3, 4.5, 'Approved chore: long gone', '2026-01-05 15:00Z');

INSERT INTO activities (id, user_id, activity_type, description, target_user_id, activity_data, created_at) VALUES
    (1, 1, 'chore_approved', 'Approved chore ''paid'' for $5.00', 10,
     '{"chore_id": 1, "chore_title": "paid", "reward_amount": 5.0}', '2026-03-01 14:00:00.05Z'),
    (2, 10, 'chore_completed', 'Completed chore: paid', NULL, '{}', '2026-03-01 13:00Z'),
    (3, 10, 'whatever', '', NULL, NULL, '2026-03-01 12:00Z');

SELECT setval('families_id_seq', 3), setval('users_id_seq', 12), setval('chores_id_seq', 20),
       setval('chore_assignments_id_seq', 30), setval('reward_adjustments_id_seq', 40), setval('activities_id_seq', 3);
