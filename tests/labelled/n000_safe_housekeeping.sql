-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users SET (fillfactor = 80);
ALTER TABLE users ALTER COLUMN name SET STATISTICS 500;
COMMENT ON COLUMN users.nickname IS 'DROP COLUMN nickname';
CREATE STATISTICS users_stats ON name, status FROM users;
ALTER TABLE users CLUSTER ON users_pkey;
ALTER TABLE users DISABLE ROW LEVEL SECURITY;
ALTER TABLE notes NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON users TO app;
SELECT setval('invoice_number', 100000);
