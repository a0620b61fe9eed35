-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE TYPE point4 AS (x integer);
ALTER TYPE point4 ADD ATTRIBUTE y integer;
ALTER TYPE point4 OWNER TO CURRENT_USER;
