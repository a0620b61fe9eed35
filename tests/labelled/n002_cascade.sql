-- expect: N002
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP TABLE users CASCADE;
