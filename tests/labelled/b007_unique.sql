-- topics: BLT
-- expect: B007
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE log ADD CONSTRAINT log_line_key UNIQUE (line);
