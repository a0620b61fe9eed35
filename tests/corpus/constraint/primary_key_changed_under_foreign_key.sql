-- from
CREATE TABLE r (id integer CONSTRAINT pk PRIMARY KEY, n integer NOT NULL UNIQUE);
CREATE TABLE t (r integer REFERENCES r);
-- to
CREATE TABLE r (id integer NOT NULL UNIQUE, n integer CONSTRAINT pk PRIMARY KEY);
CREATE TABLE t (r integer REFERENCES r);
