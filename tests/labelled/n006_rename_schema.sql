-- expect: N006
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER SCHEMA shop RENAME TO store;
