-- How session $1 is doing: what it runs, whether it waits for a lock, and who has waited for one of
-- its own locks for half the time after which PostgreSQL looks for deadlocks.
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
    ) END AS held_up
FROM pg_catalog.pg_stat_get_activity($1) a
