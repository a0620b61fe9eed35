-- topics: BLT
-- expect: T041
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN plan text;
COMMIT;
ALTER TABLE orders ADD COLUMN plan text;
