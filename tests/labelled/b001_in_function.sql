-- topics: BLT
-- expect: B001
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE FUNCTION pg_temp.index_all() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE INDEX log_line_idx ON log (line); END $$;
SELECT pg_temp.index_all();
