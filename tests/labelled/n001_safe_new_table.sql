-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE TABLE drafts (id bigint PRIMARY KEY, body text);
ALTER TABLE drafts DROP COLUMN body;
