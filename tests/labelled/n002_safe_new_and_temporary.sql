-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE TEMPORARY TABLE users (id bigint);
DROP TABLE pg_temp.users;
CREATE TABLE scratch (id bigint);
DROP TABLE scratch;
DROP TABLE IF EXISTS nowhere;
