-- expect: N050, N052
-- topics: NG
-- file: change
-- atlas:txmode none
ALTER TABLE log RENAME TO journal;
CREATE VIEW log WITH (security_invoker = true) AS SELECT id, line FROM journal;
GRANT SELECT, INSERT, UPDATE, DELETE ON log TO app;
