-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT users_age_loose CHECK (age > -10) NOT VALID;
ALTER TABLE users ADD CONSTRAINT users_name_or_age CHECK (name IS NOT NULL OR age IS NOT NULL) NOT VALID;
