-- from
CREATE TABLE a (id integer CONSTRAINT pos CHECK (id > 0), n integer DEFAULT 1);
CREATE TABLE c () INHERITS (a);
-- to
CREATE TABLE a (id integer CONSTRAINT pos CHECK (id > 0), n integer DEFAULT 1, CONSTRAINT only_here CHECK (n > 0) NO INHERIT, CONSTRAINT all_of_them CHECK (n < 100));
CREATE TABLE c (n integer DEFAULT 2, CONSTRAINT own CHECK (n <> 3)) INHERITS (a);
