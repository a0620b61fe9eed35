-- The parameters of the one prepared statement, and the relations that this transaction locks.
SELECT json_build_object(
    'parameters', coalesce((SELECT to_json(parameter_types::text[]) FROM pg_prepared_statements), '[]'),
    'relations', (SELECT coalesce(json_agg(DISTINCT relation::int8), '[]')
        FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation')
)::text
