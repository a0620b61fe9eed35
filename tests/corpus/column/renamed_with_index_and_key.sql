-- from
CREATE TABLE t (old integer PRIMARY KEY, n text);
CREATE INDEX t_old ON t (old, n);
CREATE TABLE r (t integer REFERENCES t);
-- to
CREATE TABLE t (new integer PRIMARY KEY, n text);
CREATE INDEX t_new ON t (new, n);
CREATE TABLE r (t integer REFERENCES t);
