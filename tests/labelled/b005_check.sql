-- topics: BLT
-- expect: B005
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT users_balance_check CHECK (balance >= -1000000);
