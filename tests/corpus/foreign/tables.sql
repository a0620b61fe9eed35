-- both
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
-- from
CREATE FOREIGN TABLE t (id integer NOT NULL, b text) SERVER s OPTIONS (table 'a', x '1');
CREATE FOREIGN TABLE gone (id integer) SERVER s;
-- to
CREATE FOREIGN TABLE t (id integer NOT NULL, b text, c date DEFAULT now(), CHECK (id > 0)) SERVER s OPTIONS (table 'b', y '2');
CREATE FOREIGN TABLE u (id integer OPTIONS (name 'ID'), n integer GENERATED ALWAYS AS (id * 2) STORED) SERVER s;
COMMENT ON FOREIGN TABLE u IS 'Elsewhere.';
COMMENT ON COLUMN u.id IS 'Its id.';
