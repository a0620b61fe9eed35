-- from
-- to
CREATE TABLE city (name text, people integer CHECK (people > 0));
CREATE TABLE capital (state char(2)) INHERITS (city);
