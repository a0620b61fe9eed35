-- from
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE t (m mood DEFAULT 'a', CHECK (m = 'a'));
CREATE VIEW v AS SELECT m FROM t;
-- to
CREATE TABLE t (m text DEFAULT 'a', CHECK (m = 'a'));
CREATE VIEW v AS SELECT m FROM t;
