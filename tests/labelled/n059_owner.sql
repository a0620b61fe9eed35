-- expect: N059
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE log OWNER TO app;
