-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT users_balance_check CHECK (balance >= -1000000) NOT VALID;
-- file: second
SET LOCAL lock_timeout = '2s';
ALTER TABLE users VALIDATE CONSTRAINT users_balance_check;
