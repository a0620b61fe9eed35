-- How session $1 is doing: what it runs, whether it waits for a lock, who has waited for one of its
-- own locks for half the time after which PostgreSQL looks for deadlocks, and the lock that it wants.
SELECT
    a.application_name,
    coalesce(a.wait_event_type = 'Lock', false) AS waits,
    CASE WHEN a.wait_event_type = 'Lock' THEN (
        SELECT theirs.pid
        FROM pg_catalog.pg_locks mine
        JOIN pg_catalog.pg_locks theirs ON theirs.locktype = mine.locktype
            AND (
                (mine.locktype = 'relation' AND theirs.database = mine.database AND theirs.relation = mine.relation)
                OR (mine.locktype = 'transactionid' AND theirs.transactionid = mine.transactionid)
            )
        WHERE mine.pid = $1
          AND mine.granted
          AND NOT theirs.granted
          AND theirs.pid <> $1
          AND theirs.waitstart < pg_catalog.clock_timestamp()
              - pg_catalog.current_setting('deadlock_timeout')::pg_catalog.interval / 2
          AND $1 = ANY (pg_catalog.pg_blocking_pids(theirs.pid))
          -- A concurrent build waits for old transactions, and hardly anybody for it.
          AND EXISTS (
              SELECT FROM pg_catalog.pg_locks wanted
              WHERE wanted.pid = $1 AND NOT wanted.granted AND wanted.locktype <> 'virtualxid'
          )
        LIMIT 1
    ) END AS held_up,
    CASE WHEN a.wait_event_type = 'Lock' THEN (
        SELECT pg_catalog.format('LOCK TABLE ONLY %I.%I IN %s MODE', n.nspname, c.relname, pg_catalog.upper(
            pg_catalog.regexp_replace(pg_catalog.regexp_replace(wanted.mode, 'Lock$', ''), '([a-z])([A-Z])', '\1 \2', 'g')))
        FROM pg_catalog.pg_locks wanted
        JOIN pg_catalog.pg_class c ON c.oid = wanted.relation AND c.relkind IN ('r', 'p')
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE wanted.pid = $1 AND NOT wanted.granted AND wanted.locktype = 'relation'
        LIMIT 1
    ) END AS wanted
FROM pg_catalog.pg_stat_get_activity($1) a
