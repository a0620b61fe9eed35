INSERT INTO {table} (version, description, type, applied, total, executed_at, execution_time, hash, operator_version)
SELECT done.version, done.description, $4, 0, 0, pg_catalog.clock_timestamp(), 0, done.hash, $5
FROM ROWS FROM (
    pg_catalog.unnest($1::pg_catalog.text[]),
    pg_catalog.unnest($2::pg_catalog.text[]),
    pg_catalog.unnest($3::pg_catalog.text[])
) AS done (version, description, hash)
