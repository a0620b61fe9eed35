-- expect: N032
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP CONSTRAINT users_email_key, ADD CONSTRAINT users_email_key UNIQUE (email) DEFERRABLE;
