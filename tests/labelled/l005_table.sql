-- topics: BLT
-- expect: L005, L010
-- file: first
SET LOCAL lock_timeout = '2s';
DROP TABLE users CASCADE;
