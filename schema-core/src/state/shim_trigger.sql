-- The arguments of a trigger, each with a zero byte behind it. $1: schema; $2: table; $3: trigger.
SELECT t.tgargs
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2 AND t.tgname = $3
