-- from
CREATE TABLE t (id serial, n bigserial);
-- to
CREATE TABLE t (id serial);
