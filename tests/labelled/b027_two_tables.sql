-- topics: BLT
-- expect: nothing
-- warns: B027
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN plan text;
ALTER TABLE orders ADD COLUMN plan text;
