-- topics: BLT
-- expect: B015
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ALTER COLUMN status DROP DEFAULT;
ALTER TABLE orders ALTER COLUMN status TYPE text;
