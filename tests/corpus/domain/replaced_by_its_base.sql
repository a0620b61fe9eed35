-- from
CREATE DOMAIN email AS text CHECK (VALUE <> '');
CREATE TABLE t (a email, b email DEFAULT 'x');
-- to
CREATE TABLE t (a text, b text DEFAULT 'x');
