-- What belongs to extensions.
SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
