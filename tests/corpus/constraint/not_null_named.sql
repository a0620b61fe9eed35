-- since: 18
-- from
CREATE TABLE t (a integer CONSTRAINT old NOT NULL, b integer NOT NULL, c integer);
-- to
CREATE TABLE t (a integer CONSTRAINT new NOT NULL, b integer, c integer);
ALTER TABLE t ADD CONSTRAINT later NOT NULL c NOT VALID;
