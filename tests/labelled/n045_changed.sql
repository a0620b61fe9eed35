-- expect: nothing
-- warns: N045
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER EXTENSION citext SET SCHEMA shop;
