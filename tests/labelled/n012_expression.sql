-- expect: N012
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE UNIQUE INDEX users_email_lower ON users (lower(email));
