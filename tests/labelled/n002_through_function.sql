-- expect: N002
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE FUNCTION pg_temp.clear() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE log; END $$;
SELECT pg_temp.clear();
