-- topics: BLT
-- expect: B016
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ALTER COLUMN placed_at TYPE timestamptz;
