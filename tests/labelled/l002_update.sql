-- topics: BLT
-- expect: L002
-- file: first
SET LOCAL lock_timeout = '2s';
UPDATE "public"."users" SET balance = 0;
