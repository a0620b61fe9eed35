-- from
CREATE TABLE t (a serial, b integer, c smallserial, d bigserial);
-- to
CREATE TABLE t (a bigserial, b serial, c integer, d integer DEFAULT 5);
