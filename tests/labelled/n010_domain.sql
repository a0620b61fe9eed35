-- expect: N010
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER DOMAIN email SET NOT NULL;
