-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE EXTENSION pg_trgm;
DROP EXTENSION pg_trgm;
DROP EXTENSION IF EXISTS hstore;
CREATE EXTENSION IF NOT EXISTS citext;
