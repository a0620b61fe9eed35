-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders DISABLE TRIGGER USER;
UPDATE orders SET note = 'x' WHERE id = 1;
ALTER TABLE orders ENABLE TRIGGER USER;
DROP TRIGGER orders_note ON orders;
CREATE TRIGGER orders_note BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION note_change();
