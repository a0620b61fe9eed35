-- expect: N018
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
SET LOCAL TimeZone = 'UTC';
ALTER TABLE orders ALTER COLUMN placed_at TYPE timestamptz;
