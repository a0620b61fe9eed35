-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN plan varchar(20) NOT NULL DEFAULT 'free', ADD COLUMN seen timestamptz DEFAULT now(), ADD COLUMN tags text[] DEFAULT '{}';
