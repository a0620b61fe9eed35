-- both
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);
-- from
CREATE VIEW v AS SELECT id, email FROM users;
-- to
CREATE VIEW v AS SELECT id, email::varchar(20) AS email FROM users;
