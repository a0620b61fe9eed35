-- topics: BLT
-- expect: nothing
-- base
CREATE TABLE sales (id bigint PRIMARY KEY, day date NOT NULL, total integer NOT NULL);
CREATE MATERIALIZED VIEW daily AS SELECT day, sum(total) AS total FROM sales GROUP BY day;
CREATE UNIQUE INDEX daily_day_idx ON daily (day);
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE MATERIALIZED VIEW monthly AS SELECT total FROM sales;
REFRESH MATERIALIZED VIEW monthly;
