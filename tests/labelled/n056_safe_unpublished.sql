-- expect: nothing
-- warns: N056
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE log REPLICA IDENTITY FULL;
ALTER PUBLICATION changes ADD TABLE log;
CREATE PUBLICATION more FOR TABLE users;
DROP PUBLICATION more;
