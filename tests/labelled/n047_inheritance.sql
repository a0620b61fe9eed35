-- expect: N047
-- topics: NG
-- base
CREATE TABLE parent (id bigint);
CREATE TABLE child () INHERITS (parent);
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE child NO INHERIT parent;
