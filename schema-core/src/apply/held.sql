-- Whether this very session has the lock of key $1.
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_locks
    WHERE pid = pg_catalog.pg_backend_pid()
      AND locktype = 'advisory'
      AND granted
      AND objsubid = 1
      AND classid::pg_catalog.int8 = $1 >> 32
      AND objid::pg_catalog.int8 = $1 & 4294967295
)
