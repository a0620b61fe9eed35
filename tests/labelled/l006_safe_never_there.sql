-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
DROP TABLE IF EXISTS settings;
CREATE TABLE settings (id bigint PRIMARY KEY);
DROP TABLE settings;
CREATE TABLE settings (id bigint PRIMARY KEY, name text);
