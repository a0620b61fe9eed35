-- expect: nothing
-- warns: N007
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE SCHEMA work;
DROP SCHEMA work;
DROP SCHEMA IF EXISTS nowhere CASCADE;
DROP SCHEMA empty;
