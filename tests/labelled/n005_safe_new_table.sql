-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE SCHEMA work;
CREATE TABLE drafts (id bigint);
ALTER TABLE drafts SET SCHEMA work;
