-- topics: BLT
-- expect: nothing
-- file: first
-- atlas:txmode none
CREATE UNIQUE INDEX CONCURRENTLY log_line_key ON log (line);
-- file: second
SET LOCAL lock_timeout = '2s';
ALTER TABLE log ADD CONSTRAINT log_line_key UNIQUE USING INDEX log_line_key;
