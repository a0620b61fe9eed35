-- from
CREATE TABLE t (id integer CONSTRAINT old_pk PRIMARY KEY, n integer CONSTRAINT old_u UNIQUE, CONSTRAINT old_c CHECK (n > 0));
-- to
CREATE TABLE t (id integer CONSTRAINT new_pk PRIMARY KEY, n integer CONSTRAINT new_u UNIQUE, CONSTRAINT new_c CHECK (n > 0));
