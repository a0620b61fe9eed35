-- from
CREATE TABLE t (id integer PRIMARY KEY, total integer NOT NULL);
CREATE VIEW a AS SELECT id, total FROM t;
CREATE VIEW b AS SELECT id, total FROM a;
CREATE VIEW c AS SELECT sum(total) AS all_of_it FROM b;
COMMENT ON VIEW b IS 'The middle.';
-- to
CREATE TABLE t (id integer PRIMARY KEY, total bigint NOT NULL);
CREATE VIEW a AS SELECT id, total FROM t;
CREATE VIEW b AS SELECT id, total FROM a;
CREATE VIEW c AS SELECT sum(total) AS all_of_it FROM b;
COMMENT ON VIEW b IS 'The middle.';
