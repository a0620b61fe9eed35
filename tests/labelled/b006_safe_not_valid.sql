-- from: 18
-- expect: nothing
-- topics: BLT
-- file: add
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT users_nickname_given NOT NULL nickname NOT VALID;
-- file: validate
SET LOCAL lock_timeout = '2s';
ALTER TABLE users VALIDATE CONSTRAINT users_nickname_given;
