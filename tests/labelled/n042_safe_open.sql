-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE POLICY orders_all ON orders USING (true);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY log_some ON log USING (id > 1);
DROP POLICY IF EXISTS nothing ON notes;
