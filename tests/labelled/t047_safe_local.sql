-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
SET LOCAL work_mem = '64MB';
SELECT set_config('app.mode', 'migrate', true);
ALTER FUNCTION initials(text) SET search_path = public;
