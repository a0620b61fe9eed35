-- topics: BLT
-- expect: B029
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN plan text;
-- file: second
SET LOCAL lock_timeout = '2s';
UPDATE users SET plan = 'free';
