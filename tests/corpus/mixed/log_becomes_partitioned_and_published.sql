-- from
CREATE TABLE log (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), line text);
CREATE INDEX log_at ON log (at);
CREATE VIEW recent AS SELECT id, line FROM log WHERE at > now() - interval '1 day';
-- to
CREATE TABLE log (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL DEFAULT now(), line text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE log_rest PARTITION OF log DEFAULT;
CREATE INDEX log_at ON log USING brin (at);
CREATE VIEW recent AS SELECT id, line FROM log WHERE at > now() - interval '1 day';
CREATE PUBLICATION logs FOR TABLE log WITH (publish_via_partition_root);
CREATE STATISTICS log_stats ON id, at FROM log;
