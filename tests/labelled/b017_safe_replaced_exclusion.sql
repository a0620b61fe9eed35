-- topics: BLT
-- expect: B009
-- base
CREATE TABLE rooms (id bigint PRIMARY KEY, taken int4range, CONSTRAINT rooms_free EXCLUDE USING gist (taken WITH &&));
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE rooms DROP CONSTRAINT rooms_free, ADD CONSTRAINT rooms_free EXCLUDE USING gist (taken WITH -|-);
