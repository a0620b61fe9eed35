-- from: 18
-- expect: N010
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT users_nickname_given NOT NULL nickname NOT VALID;
