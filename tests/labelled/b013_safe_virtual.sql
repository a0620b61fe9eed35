-- from: 18
-- expect: nothing
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN email_lower text GENERATED ALWAYS AS (lower(email)) VIRTUAL;
