-- topics: BLT
-- expect: nothing
-- file: first
-- atlas:txmode none
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN plan text;
COMMIT;
