-- topics: BLT
-- expect: B015, L003
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ALTER COLUMN placed_at DROP DEFAULT;
ALTER TABLE orders ALTER COLUMN placed_at TYPE date;
