-- expect: N030
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP FUNCTION initials(text);
CREATE FUNCTION initials(name text) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$ SELECT left(name, 1) $$;
