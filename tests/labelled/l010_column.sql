-- topics: BLT
-- expect: L010
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP COLUMN nickname;
