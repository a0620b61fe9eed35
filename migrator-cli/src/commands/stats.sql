-- Tables of users with PostgreSQL's estimate of their rows, and their sizes; a partitioned table
-- is the sum of its partitions. An estimate of -1 is a table that was never analysed.
SELECT namespace.nspname::text AS schema,
       class.relname::text AS name,
       CASE
           WHEN class.relkind = 'p' THEN leaves.rows
           WHEN class.reltuples < 0 OR (class.reltuples = 0 AND class.relpages = 0 AND pg_catalog.pg_relation_size(class.oid) > 0) THEN NULL
           ELSE class.reltuples::bigint
       END AS rows,
       CASE WHEN class.relkind = 'p' THEN leaves.bytes ELSE coalesce(pg_catalog.pg_table_size(class.oid), 0) END AS bytes,
       CASE WHEN class.relkind = 'p' THEN leaves.index_bytes ELSE coalesce(pg_catalog.pg_indexes_size(class.oid), 0) END AS index_bytes
FROM pg_catalog.pg_class AS class
JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
LEFT JOIN LATERAL (
    SELECT CASE WHEN pg_catalog.bool_or(leaf.reltuples < 0) THEN NULL ELSE coalesce(pg_catalog.sum(leaf.reltuples), 0)::bigint END AS rows,
           coalesce(pg_catalog.sum(pg_catalog.pg_table_size(leaf.oid)), 0)::bigint AS bytes,
           coalesce(pg_catalog.sum(pg_catalog.pg_indexes_size(leaf.oid)), 0)::bigint AS index_bytes
    FROM pg_catalog.pg_partition_tree(class.oid) AS tree
    JOIN pg_catalog.pg_class AS leaf ON leaf.oid = tree.relid
    WHERE tree.isleaf
) AS leaves ON class.relkind = 'p'
WHERE class.relkind IN ('r', 'p', 'm')
  AND class.relpersistence <> 't'
  AND namespace.nspname <> 'information_schema'
  AND namespace.nspname !~ '^pg_'
ORDER BY 1, 2
