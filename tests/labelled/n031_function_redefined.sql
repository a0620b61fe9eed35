-- expect: nothing
-- warns: N031
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE OR REPLACE FUNCTION initials(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(left(name, 1)) $$;
