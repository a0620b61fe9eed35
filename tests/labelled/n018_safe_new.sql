-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE TABLE plans (id integer, name varchar(10));
ALTER TABLE plans ALTER COLUMN id TYPE bigint, ALTER COLUMN name TYPE integer USING length(name);
ALTER TABLE users ADD COLUMN score integer;
ALTER TABLE users ALTER COLUMN score TYPE bigint;
