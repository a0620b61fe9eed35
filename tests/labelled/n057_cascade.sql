-- expect: N057
-- topics: NG
-- base
CREATE SEQUENCE numbers;
CREATE TABLE goods (id bigint PRIMARY KEY DEFAULT nextval('numbers'));
-- file: change
SET LOCAL lock_timeout = '2s';
DROP SEQUENCE numbers CASCADE;
