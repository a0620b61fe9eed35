-- from
CREATE TABLE t (a integer CONSTRAINT k UNIQUE, b text, CONSTRAINT p PRIMARY KEY (a));
-- to
CREATE TABLE t (a integer, b text, CONSTRAINT k UNIQUE (a) INCLUDE (b), CONSTRAINT p PRIMARY KEY (a) WITH (fillfactor = 70));
