-- What is there beside the model. $1: schemas; $2: their names.
WITH found (classid, objid) AS (
    SELECT 'pg_type'::regclass, t.oid
    FROM pg_type t
    WHERE t.typtype = 'b' AND t.typcategory <> 'A'
    UNION ALL
    SELECT 'pg_subscription'::regclass, oid FROM pg_subscription
    WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT object.type, object.identity
FROM found
CROSS JOIN LATERAL pg_identify_object(found.classid, found.objid, 0) object
WHERE found.objid >= 16384 -- FirstNormalObjectId: below it is what initdb made.
    AND (object.schema IS NULL OR object.schema = ANY ($2))
    AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = found.classid AND d.objid = found.objid
            -- Range types come with functions and casts of their own.
            AND (
                d.deptype = 'e'
                OR d.deptype = 'i' AND d.classid IN ('pg_proc'::regclass, 'pg_cast'::regclass)
            )
    )
