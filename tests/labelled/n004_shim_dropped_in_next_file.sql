-- expect: N004
-- topics: NG
-- file: rename
SET LOCAL lock_timeout = '2s';
ALTER TABLE log RENAME TO journal;
CREATE VIEW log WITH (security_invoker = true) AS SELECT id, line FROM journal;
GRANT SELECT, INSERT, UPDATE, DELETE ON log TO app;
-- file: drop
SET LOCAL lock_timeout = '2s';
DROP VIEW log;
