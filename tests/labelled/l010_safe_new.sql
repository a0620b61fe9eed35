-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN extra text;
ALTER TABLE users DROP COLUMN extra;
CREATE TABLE drafts (id bigint);
ALTER TABLE drafts RENAME TO sketches;
DROP TABLE sketches;
