-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE TABLE plans (id bigint PRIMARY KEY);
ALTER TABLE plans ADD COLUMN name text NOT NULL;
