-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE UNLOGGED TABLE cache (id bigint PRIMARY KEY, value text);
ALTER TABLE cache SET LOGGED;
ALTER TABLE cache SET UNLOGGED;
