-- topics: BLT
-- expect: B029
-- file: first
SET LOCAL lock_timeout = '2s';
UPDATE users SET nickname = name WHERE name IS NOT NULL;
