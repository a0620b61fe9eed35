-- topics: BLT
-- expect: B008
-- base
CREATE TABLE facts (id bigint, what text, number bigint NOT NULL);
CREATE UNIQUE INDEX facts_id_idx ON facts (id);
CREATE UNIQUE INDEX facts_number_idx ON facts (number);
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE facts ADD PRIMARY KEY (number);
