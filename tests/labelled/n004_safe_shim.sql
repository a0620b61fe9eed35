-- expect: nothing
-- warns: N055
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE log RENAME TO journal;
CREATE VIEW log WITH (security_invoker = true) AS SELECT id, line FROM journal;
GRANT SELECT, INSERT, UPDATE, DELETE ON log TO app;
