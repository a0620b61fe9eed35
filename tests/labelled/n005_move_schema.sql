-- expect: N005
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE SCHEMA work;
GRANT USAGE ON SCHEMA work TO app;
ALTER TABLE log SET SCHEMA work;
