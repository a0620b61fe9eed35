-- expect: N011
-- topics: NG
-- base
CREATE TABLE goods (id bigint PRIMARY KEY, state text NOT NULL CONSTRAINT goods_state CHECK (state IN ('new', 'old')));
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE goods DROP CONSTRAINT goods_state, ADD CONSTRAINT goods_state CHECK (state IN ('new')) NOT VALID;
