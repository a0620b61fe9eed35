-- from
CREATE TABLE t (id integer, b text, c integer);
CREATE TABLE log (id integer, c integer);
CREATE RULE r AS ON UPDATE TO t DO ALSO INSERT INTO log VALUES (new.id, new.c);
-- to
CREATE TABLE t (id bigint, b text);
CREATE TABLE log (id bigint);
CREATE RULE r AS ON UPDATE TO t DO ALSO INSERT INTO log VALUES (new.id);
