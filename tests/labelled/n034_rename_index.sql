-- expect: N034
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER INDEX users_email_key RENAME TO users_email_uq;
