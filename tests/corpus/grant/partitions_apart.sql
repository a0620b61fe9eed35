-- roles: pairs_app
-- both
CREATE TABLE p (id integer) PARTITION BY HASH (id);
CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 0);
-- from
GRANT SELECT ON p TO pairs_app;
-- to
GRANT SELECT ON p TO pairs_app;
GRANT SELECT ON p0 TO pairs_app;
