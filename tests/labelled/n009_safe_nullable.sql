-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN plan text, ADD COLUMN short text GENERATED ALWAYS AS (left(name, 3)) STORED NOT NULL;
