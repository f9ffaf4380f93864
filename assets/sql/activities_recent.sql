-- A page of the feed, newest first, and one row more, which tells whether
-- there is another page. Each person's newest rows come from an index; $4
-- NULL: every type. A child's feed holds only what it did itself.
WITH ${my_people}, found AS (
    SELECT acted.id, acted.created_at
      FROM people p
     CROSS JOIN LATERAL (
           SELECT id, created_at FROM activities
            WHERE user_id = p.id
              AND ($4::text IS NULL OR activity_type = $4::text)
            ORDER BY created_at DESC, id DESC
            LIMIT $2::bigint + $3::bigint + 1) acted
     UNION
    SELECT met.id, met.created_at
      FROM people p
      JOIN me ON me.is_parent
     CROSS JOIN LATERAL (
           SELECT id, created_at FROM activities
            WHERE target_user_id = p.id
              AND ($4::text IS NULL OR activity_type = $4::text)
            ORDER BY created_at DESC, id DESC
            LIMIT $2::bigint + $3::bigint + 1) met
), page AS (
    SELECT id, created_at FROM found
     ORDER BY created_at DESC, id DESC
    OFFSET $3::bigint LIMIT $2::bigint + 1
)
SELECT ${activity}
  FROM page
  JOIN activities a ON a.id = page.id
  JOIN users u ON u.id = a.user_id
  LEFT JOIN users t ON t.id = a.target_user_id
 ORDER BY page.created_at DESC, page.id DESC
