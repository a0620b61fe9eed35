-- expect: N010
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
UPDATE users SET nickname = '' WHERE nickname IS NULL;
ALTER TABLE users ALTER COLUMN nickname SET NOT NULL;
