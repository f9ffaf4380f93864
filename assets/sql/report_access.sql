-- Whether $2 is a child of the caller.
SELECT EXISTS (SELECT 1
                 FROM users me
                 JOIN users u ON ${my_child}
                WHERE me.id = $1::bigint AND u.id = $2::bigint)
