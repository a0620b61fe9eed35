-- topics: BLT
-- expect: B026
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN plan text;
UPDATE orders SET note = 'x' WHERE note IS NOT NULL;
