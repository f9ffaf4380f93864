-- The first of the candidates $2 that no family has.
free_code AS (
    SELECT candidate.code
      FROM unnest($2::text[]) WITH ORDINALITY AS candidate (code, place)
     WHERE NOT EXISTS (SELECT
                         FROM families
                        WHERE invite_code = candidate.code)
     ORDER BY candidate.place
     LIMIT 1
)
