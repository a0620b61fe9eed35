-- expect: N040, N041
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE SEQUENCE ages;
ALTER TABLE users ALTER COLUMN age SET DEFAULT nextval('ages');
REVOKE INSERT ON log FROM app;
