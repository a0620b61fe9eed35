-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
SET LOCAL TimeZone = 'UTC';
ALTER TABLE orders ALTER COLUMN placed_at DROP DEFAULT;
ALTER TABLE orders ALTER COLUMN placed_at TYPE timestamptz;
