-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER VIEW active_users RENAME TO current_users;
CREATE VIEW active_users AS SELECT id, name, email FROM users WHERE status = 'active';
GRANT SELECT ON active_users TO app;
ALTER FUNCTION initials(text) RENAME TO first_letter;
CREATE FUNCTION initials(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT first_letter($1) $$;
ALTER SEQUENCE users_id_seq RENAME TO people_id_seq;
