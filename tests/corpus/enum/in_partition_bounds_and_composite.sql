-- from
CREATE TYPE mood AS ENUM ('a', 'b', 'c');
CREATE TYPE pair AS (m mood, n integer);
CREATE TABLE p (m mood) PARTITION BY LIST (m);
CREATE TABLE p_a PARTITION OF p FOR VALUES IN ('a');
-- to
CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'd');
CREATE TYPE pair AS (m mood, n integer);
CREATE TABLE p (m mood) PARTITION BY LIST (m);
CREATE TABLE p_a PARTITION OF p FOR VALUES IN ('a');
CREATE TABLE p_d PARTITION OF p FOR VALUES IN ('d');
