-- topics: BLT
-- expect: B012
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE log ADD COLUMN number bigserial;
