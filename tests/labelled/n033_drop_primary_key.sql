-- expect: N033
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE log DROP CONSTRAINT log_pkey;
