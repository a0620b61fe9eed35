-- expect: nothing
-- warns: N060
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP CONSTRAINT users_age_check, ADD CONSTRAINT users_age_check CHECK (age >= -1) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT users_age_check;
