-- Completes the detaching of partition $2 of table $1, names as in SQL, if it is under way.
SELECT pg_catalog.format(
    'ALTER TABLE %s DETACH PARTITION %s FINALIZE', i.inhparent::pg_catalog.regclass, i.inhrelid::pg_catalog.regclass
)
FROM pg_catalog.pg_inherits i
WHERE i.inhdetachpending
  AND i.inhparent = pg_catalog.to_regclass($1)
  AND i.inhrelid = pg_catalog.to_regclass($2)
