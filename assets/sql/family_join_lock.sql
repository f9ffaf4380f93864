-- The family that the code $2 opens keeps that code meanwhile.
SELECT id
  FROM families
 WHERE invite_code = $2::text AND $1::bigint IS NOT NULL
   FOR SHARE
