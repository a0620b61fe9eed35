-- expect: N045
-- topics: NG
-- base
CREATE EXTENSION citext;
CREATE TABLE goods (id bigint PRIMARY KEY, name citext);
-- file: change
SET LOCAL lock_timeout = '2s';
DROP EXTENSION citext CASCADE;
