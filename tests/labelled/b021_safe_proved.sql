-- topics: BLT
-- expect: nothing
-- base
CREATE TABLE events (id bigint NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE TABLE events_2024 (id bigint NOT NULL, day date NOT NULL CHECK (day >= '2024-01-01' AND day < '2025-01-01'));
CREATE TABLE more (id bigint NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE more_2024 (id bigint NOT NULL, day date NOT NULL CHECK (day >= '2024-01-01' AND day < '2025-01-01'));
CREATE TABLE more_2025 (id bigint NOT NULL, day date NOT NULL);
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE more ATTACH PARTITION more_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
