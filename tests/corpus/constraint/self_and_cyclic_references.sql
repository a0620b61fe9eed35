-- from
-- to
CREATE TABLE a (id integer PRIMARY KEY, parent integer REFERENCES a, b integer);
CREATE TABLE b (id integer PRIMARY KEY, a integer REFERENCES a);
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b DEFERRABLE;
