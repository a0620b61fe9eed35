-- from: 15
-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE notes RENAME TO papers;
CREATE VIEW notes WITH (security_invoker) AS SELECT id, org_id, body, size FROM papers;
GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO app;
