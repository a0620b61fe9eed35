-- from
CREATE TABLE t (a text DEFAULT 'x', b integer[]);
-- to
CREATE TABLE t (a text[] DEFAULT '{x}', b integer);
