-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
COMMENT ON TABLE log IS 'TRUNCATE log; DROP TABLE log';
CREATE FUNCTION empty_log() RETURNS void LANGUAGE sql AS $$ TRUNCATE log; DELETE FROM log; $$;
GRANT TRUNCATE ON log TO app;
