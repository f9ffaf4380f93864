-- The chore $2, or that of the assignment $3.
c.id = coalesce($2::bigint,
                (SELECT chore_id FROM chore_assignments WHERE id = $3::bigint))
