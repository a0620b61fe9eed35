-- topics: BLT
-- from: 18
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE events ADD CONSTRAINT events_log FOREIGN KEY (id) REFERENCES log (id) NOT VALID;
