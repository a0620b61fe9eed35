-- topics: BLT
-- expect: B019
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE log SET UNLOGGED;
