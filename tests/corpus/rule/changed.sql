-- both
CREATE TABLE t (id integer, b text);
CREATE TABLE log (id integer);
-- from
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (new.id);
-- to
CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO log VALUES (new.id); DELETE FROM log WHERE id < new.id; NOTIFY t);
