-- topics: BLT
-- expect: B007
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN slug text UNIQUE;
