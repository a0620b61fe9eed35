-- topics: BLT
-- expect: B019, L007
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE log SET UNLOGGED;
