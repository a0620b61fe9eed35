-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN settings jsonb;
CREATE TABLE raw (id bigint PRIMARY KEY, body json);
