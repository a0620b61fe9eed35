-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE TABLE plans (id bigint PRIMARY KEY, price integer);
ALTER TABLE plans ADD CONSTRAINT plans_price_check CHECK (price >= 0);
