-- Whether there is a complete index $1 on table $2, which is a name as in SQL; a unique one or not ($3).
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    WHERE i.indisvalid AND i.indisready AND i.indisunique = $3
      AND c.relname::pg_catalog.text = $1
      AND i.indrelid = pg_catalog.to_regclass($2)
)
