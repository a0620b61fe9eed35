-- topics: BLT
-- expect: B014
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN contact email;
