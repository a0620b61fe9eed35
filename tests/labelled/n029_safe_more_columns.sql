-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE OR REPLACE VIEW active_users AS SELECT id, name, email, age FROM users WHERE status = 'active';
