-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE TABLE visits (id bigserial PRIMARY KEY, number integer GENERATED ALWAYS AS IDENTITY);
ALTER TABLE visits ADD COLUMN more serial;
