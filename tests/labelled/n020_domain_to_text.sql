-- expect: nothing
-- warns: N020
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE shop.carts ALTER COLUMN contact TYPE text;
