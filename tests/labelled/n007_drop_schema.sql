-- expect: N007
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP SCHEMA shop CASCADE;
