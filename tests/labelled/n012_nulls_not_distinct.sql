-- from: 15
-- expect: N012
-- topics: NG
-- base
CREATE TABLE codes (id bigint PRIMARY KEY, code text CONSTRAINT codes_code_key UNIQUE);
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE codes DROP CONSTRAINT codes_code_key, ADD CONSTRAINT codes_code_key UNIQUE NULLS NOT DISTINCT (code);
