-- from
CREATE FUNCTION cmp(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN a < b THEN 1 WHEN a > b THEN -1 ELSE 0 END';
CREATE OPERATOR CLASS backwards FOR TYPE integer USING btree AS
    OPERATOR 1 >, OPERATOR 3 =, OPERATOR 5 <, FUNCTION 1 cmp(integer, integer);
CREATE TABLE t (id integer);
CREATE INDEX i ON t (id backwards);
-- to
CREATE FUNCTION cmp(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN a < b THEN 1 WHEN a > b THEN -1 ELSE 0 END';
CREATE OPERATOR CLASS backwards FOR TYPE integer USING btree AS
    OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 cmp(integer, integer);
CREATE TABLE t (id integer);
CREATE INDEX i ON t (id backwards);
