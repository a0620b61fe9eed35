-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE DOMAIN free_text AS text;
ALTER TABLE users ADD COLUMN contact free_text;
