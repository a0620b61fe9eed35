-- expect: N060
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER DOMAIN email DROP CONSTRAINT email_check;
