-- from
CREATE TYPE x AS (a integer);
-- to
CREATE TYPE x AS ENUM ('a');
