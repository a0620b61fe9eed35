-- since: 15
-- both
CREATE TABLE r (a integer, b integer, PRIMARY KEY (a, b));
-- from
CREATE TABLE t (a integer, b integer, CONSTRAINT f FOREIGN KEY (a, b) REFERENCES r ON DELETE SET NULL);
-- to
CREATE TABLE t (a integer, b integer, CONSTRAINT f FOREIGN KEY (a, b) REFERENCES r ON DELETE SET NULL (b));
