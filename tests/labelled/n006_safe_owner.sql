-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE SCHEMA work;
ALTER SCHEMA work RENAME TO works;
ALTER SCHEMA shop OWNER TO CURRENT_USER;
