-- from
CREATE TYPE later;
-- to
CREATE TYPE later;
CREATE TYPE other;
