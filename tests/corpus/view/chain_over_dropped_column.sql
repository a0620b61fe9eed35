-- from
CREATE TABLE t (id integer PRIMARY KEY, gone text, kept text);
CREATE VIEW a AS SELECT id, gone, kept FROM t;
CREATE VIEW b AS SELECT id, gone, kept FROM a;
CREATE VIEW c AS SELECT kept FROM b WHERE gone IS NULL;
-- to
CREATE TABLE t (id integer PRIMARY KEY, kept text);
CREATE VIEW a AS SELECT id, kept FROM t;
CREATE VIEW b AS SELECT id, kept FROM a;
CREATE VIEW c AS SELECT kept FROM b;
