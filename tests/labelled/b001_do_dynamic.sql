-- topics: BLT
-- expect: B001
-- file: first
SET LOCAL lock_timeout = '2s';
DO $$
BEGIN
    EXECUTE format('CREATE INDEX %I ON %I (%I)', 'orders_total_idx', 'orders', 'total');
END $$;
