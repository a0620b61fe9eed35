-- both
CREATE EXTENSION btree_gist;
-- from
CREATE TABLE t (room integer, during tsrange, a boolean, CONSTRAINT x EXCLUDE USING gist (during WITH &&));
-- to
CREATE TABLE t (room integer, during tsrange, a boolean, CONSTRAINT x EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (a) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT y EXCLUDE USING btree (room WITH =) INCLUDE (a));
