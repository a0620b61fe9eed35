-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE TABLE drafts (id bigint PRIMARY KEY, body text);
CREATE INDEX drafts_body_idx ON drafts (body);
DROP INDEX drafts_body_idx;
DROP INDEX IF EXISTS nothing_of_that_name;
