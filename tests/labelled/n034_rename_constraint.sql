-- expect: N034
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users RENAME CONSTRAINT users_email_key TO users_email_uq;
