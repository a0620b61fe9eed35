-- both
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, active boolean NOT NULL DEFAULT true);
-- from
CREATE VIEW active_users AS SELECT id, email FROM users WHERE active;
-- to
CREATE VIEW active_users AS SELECT id, lower(email) AS email FROM users WHERE active AND email <> '';
