-- expect: N002
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP TABLE log;
CREATE TABLE log (id bigint PRIMARY KEY, line text NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON log TO app;
