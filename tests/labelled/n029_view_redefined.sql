-- expect: nothing
-- warns: N029
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE OR REPLACE VIEW active_users AS SELECT id, name, email FROM users WHERE status = 'active' AND age > 18;
