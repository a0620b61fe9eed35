-- expect: N001
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP COLUMN email CASCADE;
