-- from
CREATE TABLE t (id bigint);
-- to
CREATE SEQUENCE shared;
CREATE TABLE t (id bigint DEFAULT nextval('shared'));
CREATE TABLE u (id bigint DEFAULT nextval('shared'), n text DEFAULT 'a' || nextval('shared'));
COMMENT ON SEQUENCE shared IS 'Of two.';
