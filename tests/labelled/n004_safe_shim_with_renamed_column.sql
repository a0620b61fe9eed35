-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE log RENAME TO journal;
ALTER TABLE journal RENAME COLUMN line TO body;
CREATE VIEW log WITH (security_invoker = true) AS SELECT id, body AS line FROM journal;
GRANT SELECT, INSERT, UPDATE, DELETE ON log TO app;
