-- expect: nothing
-- warns: N034
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users RENAME CONSTRAINT users_age_check TO users_age_ok;
ALTER INDEX users_name_idx RENAME TO users_names;
