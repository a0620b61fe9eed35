-- expect: N018
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status TYPE text, ALTER COLUMN status SET DEFAULT 'new';
