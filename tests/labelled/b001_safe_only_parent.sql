-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE INDEX events_what_idx ON ONLY events (what);
-- file: second
-- atlas:txmode none
CREATE INDEX CONCURRENTLY events_2025_what_idx ON events_2025 (what);
CREATE INDEX CONCURRENTLY events_2026_what_idx ON events_2026 (what);
-- file: third
SET LOCAL lock_timeout = '2s';
ALTER INDEX events_what_idx ATTACH PARTITION events_2025_what_idx;
ALTER INDEX events_what_idx ATTACH PARTITION events_2026_what_idx;
