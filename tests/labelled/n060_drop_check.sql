-- expect: N060
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP CONSTRAINT users_age_check;
