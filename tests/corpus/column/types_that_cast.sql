-- from
CREATE TABLE t (a integer DEFAULT 1, b varchar(10) DEFAULT 'x', c timestamp, d numeric(10,2), e char(3), f real);
CREATE INDEX i ON t (a, b);
-- to
CREATE TABLE t (a bigint DEFAULT 1, b varchar(5) DEFAULT 'x', c timestamptz, d numeric(12,4), e text, f double precision);
CREATE INDEX i ON t (a, b);
