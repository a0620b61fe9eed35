-- expect: nothing
-- topics: NG
-- file: swap
-- atlas:txmode none
CREATE UNIQUE INDEX CONCURRENTLY users_email_new ON users (email);
-- file: use
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP CONSTRAINT users_email_key, ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_new;
