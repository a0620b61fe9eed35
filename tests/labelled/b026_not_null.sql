-- from: 18
-- expect: B026
-- topics: BLT
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT users_nickname_given NOT NULL nickname NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT users_nickname_given;
