-- roles: pairs_owner
-- both
CREATE TABLE p (id serial, n integer GENERATED ALWAYS AS IDENTITY) ;
CREATE TABLE q (id integer) PARTITION BY LIST (id);
CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1);
-- from
-- to
ALTER TABLE p OWNER TO pairs_owner;
ALTER TABLE q1 OWNER TO pairs_owner;
