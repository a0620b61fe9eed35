-- expect: N010
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT users_age_given CHECK (age IS NOT NULL) NOT VALID;
