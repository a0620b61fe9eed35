-- topics: BLT
-- expect: B004
-- base
CREATE TABLE numbers (n integer PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, total integer);
-- file: first
SET LOCAL lock_timeout = '2s';
DO $$ BEGIN
    EXECUTE 'ALTER TABLE orders ADD CONSTRAINT orders_org FOREIGN KEY (total) REFERENCES numbers (n)';
END $$;
