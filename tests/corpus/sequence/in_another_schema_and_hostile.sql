-- from
CREATE SCHEMA s;
CREATE SEQUENCE s."Seq.1";
CREATE TABLE t (id bigint DEFAULT nextval('s."Seq.1"'));
-- to
CREATE SCHEMA s;
CREATE SEQUENCE s."Seq.1" INCREMENT BY 3;
CREATE SEQUENCE "Seq.1";
CREATE TABLE t (id bigint DEFAULT nextval('"Seq.1"'));
