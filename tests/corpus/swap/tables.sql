-- from
CREATE TABLE a (id integer PRIMARY KEY, x text);
CREATE TABLE b (id integer PRIMARY KEY, y date);
-- to
CREATE TABLE a (id integer PRIMARY KEY, y date);
CREATE TABLE b (id integer PRIMARY KEY, x text);
