-- topics: BLT
-- expect: L010
-- warns: B035
-- file: first
SET LOCAL lock_timeout = '2s';
DROP TABLE orders;
