-- expect: N011
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE events ADD CONSTRAINT events_id CHECK (id > 100) NOT VALID;
ALTER TABLE events_2025 ADD CONSTRAINT events_2025_what CHECK (what <> 'x') NOT VALID;
