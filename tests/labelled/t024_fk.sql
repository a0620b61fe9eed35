-- topics: BLT
-- to: 17
-- expect: T024
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE events ADD CONSTRAINT events_log FOREIGN KEY (id) REFERENCES log (id) NOT VALID;
