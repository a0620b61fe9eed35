-- expect: N004
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE TABLE log_new (id bigint PRIMARY KEY, line text NOT NULL);
GRANT ALL ON log_new TO app;
ALTER TABLE log RENAME TO log_old;
ALTER TABLE log_new RENAME TO log;
