-- Whom session $1 waits for.
SELECT CASE WHEN b.pid = 0 THEN 'a prepared transaction' ELSE
    pg_catalog.concat('process ', b.pid, ' (', pg_catalog.concat_ws(', ',
        '`' || nullif(a.application_name, '') || '`',
        'role ' || a.usename::pg_catalog.text,
        CASE a.state WHEN 'active' THEN 'in' ELSE 'idle in' END || ' a transaction for '
            || extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::pg_catalog.int8 || ' s'
    ), ')')
END
FROM (SELECT DISTINCT pid FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids($1)) AS u (pid)) b
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
ORDER BY a.xact_start NULLS LAST, b.pid
LIMIT 3
