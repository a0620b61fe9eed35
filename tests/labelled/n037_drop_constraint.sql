-- from: 18
-- expect: N037
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP CONSTRAINT users_status_not_null;
