-- both
CREATE TABLE node (id integer PRIMARY KEY, parent integer REFERENCES node);
-- from
-- to
CREATE RECURSIVE VIEW reach (id, depth) AS
    SELECT id, 1 FROM node WHERE parent IS NULL
    UNION ALL SELECT n.id, r.depth + 1 FROM node n JOIN reach r ON n.parent = r.id;
