-- Whether there is a complete index $1 on table $2, a unique one or not ($3).
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
    WHERE i.indisvalid AND i.indisready AND i.indisunique = $3
      AND c.relname::pg_catalog.text = $1
      AND t.relname::pg_catalog.text = $2
)
