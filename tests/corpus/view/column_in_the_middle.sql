-- both
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, active boolean NOT NULL DEFAULT true);
-- from
CREATE VIEW v AS SELECT id, email FROM users;
CREATE VIEW w AS SELECT email FROM v;
-- to
CREATE VIEW v AS SELECT id, active, email FROM users;
CREATE VIEW w AS SELECT email FROM v;
