-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE SCHEMA work;
CREATE TABLE work.users (id bigint PRIMARY KEY, nickname text);
ALTER TABLE work.users DROP COLUMN nickname;
