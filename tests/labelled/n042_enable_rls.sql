-- expect: N042
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
