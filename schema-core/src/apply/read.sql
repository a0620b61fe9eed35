SELECT
    version::pg_catalog.text AS version,
    description::pg_catalog.text AS description,
    type,
    applied,
    total,
    pg_catalog.to_char(executed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS executed_at,
    execution_time,
    error,
    error_stmt,
    hash::pg_catalog.text AS hash,
    ARRAY(
        SELECT pg_catalog.jsonb_array_elements_text(
            CASE WHEN pg_catalog.jsonb_typeof(partial_hashes) = 'array' THEN partial_hashes ELSE '[]' END
        )
    ) AS partial_hashes,
    operator_version::pg_catalog.text AS operator_version
FROM {table}
