-- from
CREATE TYPE mood AS ENUM ('a', 'b', 'c');
CREATE TABLE t (m mood DEFAULT 'a', CHECK (m IN ('a', 'b')));
-- to
CREATE TYPE mood AS ENUM ('c', 'a', 'b');
CREATE TABLE t (m mood DEFAULT 'a', CHECK (m IN ('a', 'b')));
