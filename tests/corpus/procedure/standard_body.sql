-- both
CREATE TABLE t (id integer, n text);
-- from
CREATE PROCEDURE p(a integer) LANGUAGE sql BEGIN ATOMIC INSERT INTO t (id) VALUES (a); END;
-- to
CREATE PROCEDURE p(a integer) LANGUAGE sql BEGIN ATOMIC INSERT INTO t (id, n) VALUES (a, 'x'); DELETE FROM t WHERE id < a; END;
