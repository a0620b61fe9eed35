-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
UPDATE users SET status = 'void' WHERE id = 1;
DELETE FROM log WHERE id IN (SELECT id FROM log WHERE id = 1);
INSERT INTO log VALUES (900001, 'UPDATE users SET status');
