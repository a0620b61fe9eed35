-- topics: BLT
-- expect: B005
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE events ADD CONSTRAINT events_id_check CHECK (id IS NOT NULL);
