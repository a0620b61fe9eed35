-- topics: BLT
-- expect: B017
-- base
CREATE TABLE people (id bigint PRIMARY KEY, name varchar(50));
CREATE INDEX people_name_idx ON people (name);
CREATE INDEX people_id_idx ON people (id, name);
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE people ALTER COLUMN name TYPE varchar(50) COLLATE "C";
