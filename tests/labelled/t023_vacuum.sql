-- topics: BLT
-- expect: T023
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE log ADD COLUMN extra text;
VACUUM log;
