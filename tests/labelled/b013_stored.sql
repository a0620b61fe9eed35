-- topics: BLT
-- expect: B013
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN email_lower text GENERATED ALWAYS AS (lower(email)) STORED;
