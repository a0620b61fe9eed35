-- topics: BLT
-- expect: B025
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT users_balance_check CHECK (balance >= -1000000) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT users_balance_check;
