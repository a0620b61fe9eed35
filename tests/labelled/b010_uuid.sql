-- topics: BLT
-- expect: B010
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();
