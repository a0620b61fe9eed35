-- expect: nothing
-- topics: NG
-- base
CREATE TABLE goods (id bigint PRIMARY KEY, name text);
ALTER TABLE goods ADD CONSTRAINT goods_name_given CHECK (name IS NOT NULL) NOT VALID;
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE goods VALIDATE CONSTRAINT goods_name_given;
ALTER TABLE goods ALTER COLUMN name SET NOT NULL;
ALTER TABLE goods DROP CONSTRAINT goods_name_given;
