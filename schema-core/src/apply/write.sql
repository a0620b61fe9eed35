INSERT INTO {table} AS kept (
    version, description, type, applied, total, executed_at, execution_time,
    error, error_stmt, hash, partial_hashes, operator_version
) VALUES (
    {values}
)
ON CONFLICT (version) DO UPDATE SET
    description = excluded.description,
    type = excluded.type,
    applied = excluded.applied,
    total = excluded.total,
    executed_at = excluded.executed_at,
    execution_time = excluded.execution_time,
    error = excluded.error,
    error_stmt = excluded.error_stmt,
    hash = excluded.hash,
    partial_hashes = excluded.partial_hashes,
    operator_version = excluded.operator_version
