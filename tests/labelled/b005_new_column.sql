-- topics: BLT
-- expect: B005
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN level integer CHECK (level > 0);
