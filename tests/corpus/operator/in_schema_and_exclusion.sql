-- from
CREATE SCHEMA s;
CREATE FUNCTION s.near(a integer, b integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs(a - b) < 5';
-- to
CREATE SCHEMA s;
CREATE FUNCTION s.near(a integer, b integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs(a - b) < 5';
CREATE OPERATOR s.~~~ (LEFTARG = integer, RIGHTARG = integer, FUNCTION = s.near, COMMUTATOR = OPERATOR(s.~~~));
CREATE VIEW v AS SELECT 1 OPERATOR(s.~~~) 2 AS near;
