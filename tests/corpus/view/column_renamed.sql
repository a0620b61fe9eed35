-- both
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);
-- from
CREATE VIEW v AS SELECT id, email FROM users;
CREATE VIEW w AS SELECT v.email FROM v;
-- to
CREATE VIEW v AS SELECT id, email AS mail FROM users;
CREATE VIEW w AS SELECT v.mail AS email FROM v;
