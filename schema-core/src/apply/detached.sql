-- Whether table $2, a name as in SQL, is there and no partition of table $1.
SELECT pg_catalog.to_regclass($2) IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_inherits
    WHERE inhparent = pg_catalog.to_regclass($1) AND inhrelid = pg_catalog.to_regclass($2)
)
