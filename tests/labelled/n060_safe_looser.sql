-- expect: nothing
-- warns: N060
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP CONSTRAINT users_age_check;
ALTER TABLE users ADD CONSTRAINT users_age_check CHECK (age >= -5 OR age IS NULL) NOT VALID;
ALTER TABLE users DROP CONSTRAINT IF EXISTS nothing;
