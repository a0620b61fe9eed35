-- Relations in which a role may do something. $1: OIDs, $2: the role.
SELECT c.oid::int8
FROM pg_class c
WHERE c.oid::int8 = ANY ($1) AND has_schema_privilege($2, c.relnamespace, 'USAGE')
    AND (has_table_privilege($2, c.oid, 'SELECT, INSERT, UPDATE, DELETE')
        OR has_any_column_privilege($2, c.oid, 'SELECT, INSERT, UPDATE'))
