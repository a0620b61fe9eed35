-- from
CREATE TABLE gone (id integer PRIMARY KEY);
-- to
CREATE TABLE made (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE nothing ();
