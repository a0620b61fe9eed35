-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE TABLE plans (id bigint PRIMARY KEY);
ALTER TABLE plans OWNER TO app;
ALTER TABLE log OWNER TO CURRENT_USER;
