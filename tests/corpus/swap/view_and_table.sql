-- from
CREATE TABLE a (id integer);
CREATE VIEW b AS SELECT id FROM a;
-- to
CREATE TABLE b (id integer);
CREATE VIEW a AS SELECT id FROM b;
