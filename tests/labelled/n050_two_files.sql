-- expect: N050
-- topics: NG
-- file: rename
SET LOCAL lock_timeout = '2s';
ALTER TABLE log RENAME TO journal;
-- file: shim
SET LOCAL lock_timeout = '2s';
CREATE VIEW log WITH (security_invoker = true) AS SELECT id, line FROM journal;
GRANT SELECT, INSERT, UPDATE, DELETE ON log TO app;
