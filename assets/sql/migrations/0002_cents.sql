-- chores_cents(x): the exact binary value of x, rounded to cents, halves away from zero: 1.005 is a little less
-- than its text and becomes 1.00, 0.125 is exact and becomes 0.13. round(x::numeric, 2) would not do: the cast
-- keeps 15 digits only, so 1.005 would become 1.01.
-- NULL for NULL and for what the ledger's numeric(10,2) cannot hold: NaN, infinities, 100 million and more.
--
-- How: the part before the point goes through bigint, which is exact. The fraction times 2^60 is an integer
-- (below 2^-8 not always, but that is 0.00 anyway), times 100 plus one half is divided as an integer.
-- One expression, so that the planner puts it in the place of the call.

CREATE FUNCTION chores_cents(x double precision) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT CASE WHEN abs(x) < 99999999.995::double precision THEN
           sign(x)::numeric * 0.01 * (
               100 * trunc(abs(x))::bigint::numeric +
               div(100 * ((abs(x) - trunc(abs(x))) * 1152921504606846976::double precision)::bigint::numeric
                   + 576460752303423488, 1152921504606846976))
       END
$$;
