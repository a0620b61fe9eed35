-- topics: BLT
-- expect: nothing
-- warns: B031
-- file: bare
ALTER TABLE users ADD COLUMN plan text;
