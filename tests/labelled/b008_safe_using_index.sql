-- topics: BLT
-- expect: nothing
-- base
CREATE TABLE facts (id bigint, what text, number bigint NOT NULL);
CREATE UNIQUE INDEX facts_id_idx ON facts (id);
CREATE UNIQUE INDEX facts_number_idx ON facts (number);
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE facts ADD CONSTRAINT facts_pkey PRIMARY KEY USING INDEX facts_number_idx;
