-- expect: N052
-- topics: NG
-- file: shim
SET LOCAL lock_timeout = '2s';
ALTER TABLE log RENAME TO journal;
CREATE VIEW log WITH (security_invoker = true) AS SELECT id, line FROM journal;
GRANT SELECT, INSERT, UPDATE, DELETE ON log TO app;
-- file: revoke
SET LOCAL lock_timeout = '2s';
REVOKE DELETE ON log FROM app;
