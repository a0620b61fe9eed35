-- from: 18
-- expect: N033
-- topics: NG
-- base
CREATE EXTENSION btree_gist;
CREATE TABLE stays (id bigint PRIMARY KEY, room bigint NOT NULL, during daterange NOT NULL);
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE stays DROP CONSTRAINT stays_pkey, ADD CONSTRAINT stays_pkey PRIMARY KEY (id, during WITHOUT OVERLAPS);
