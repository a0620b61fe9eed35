-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE TYPE size AS ENUM ('s', 'm', 'l');
CREATE TABLE shirts (id bigint PRIMARY KEY, size size NOT NULL DEFAULT 'm');
INSERT INTO shirts VALUES (1, 'l');
