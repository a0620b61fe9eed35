-- Who has the lock of key $1, and how long at most.
SELECT pg_catalog.concat('process ', l.pid, ' (', pg_catalog.concat_ws(', ',
    '`' || nullif(a.application_name, '') || '`',
    'role ' || a.usename::pg_catalog.text,
    'connected for ' || extract(epoch FROM pg_catalog.clock_timestamp() - a.backend_start)::pg_catalog.int8 || ' s'
), ')')
FROM pg_catalog.pg_locks l
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory'
  AND l.granted
  AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
  AND l.classid::pg_catalog.int8 = $1 >> 32
  AND l.objid::pg_catalog.int8 = $1 & 4294967295
LIMIT 1
