-- expect: nothing
-- warns: N031
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP FUNCTION initials(text);
CREATE FUNCTION initials(name text, length integer DEFAULT 1) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT left(name, length) $$;
