-- from: 17
-- expect: N041
-- topics: NG
-- base
DO $$ BEGIN CREATE ROLE app; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE TABLE log (id bigint PRIMARY KEY, line text NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON log TO app;
-- file: change
SET LOCAL lock_timeout = '2s';
REVOKE MAINTAIN ON log FROM app;
