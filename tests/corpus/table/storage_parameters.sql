-- from
CREATE TABLE t (id integer) WITH (fillfactor = 70, autovacuum_enabled = false);
CREATE TABLE u (id integer);
-- to
CREATE TABLE t (id integer) WITH (fillfactor = 80, toast.autovacuum_enabled = false, parallel_workers = 3);
CREATE TABLE u (id integer) WITH (autovacuum_vacuum_scale_factor = 0.05, log_autovacuum_min_duration = 250, toast_tuple_target = 4000, user_catalog_table = true);
