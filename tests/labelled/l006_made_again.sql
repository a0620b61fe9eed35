-- topics: BLT
-- expect: L006
-- file: first
SET LOCAL lock_timeout = '2s';
DROP TABLE IF EXISTS log;
CREATE TABLE log (id bigint PRIMARY KEY, line text NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON log TO app;
