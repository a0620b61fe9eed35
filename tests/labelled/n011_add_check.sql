-- expect: N011
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT users_age_adult CHECK (age >= 18) NOT VALID;
