-- expect: N027
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TYPE point3 RENAME ATTRIBUTE x TO a;
