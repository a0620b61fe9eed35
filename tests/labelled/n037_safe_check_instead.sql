-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT users_status_given CHECK (status IS NOT NULL) NOT VALID;
ALTER TABLE users ALTER COLUMN status DROP NOT NULL;
