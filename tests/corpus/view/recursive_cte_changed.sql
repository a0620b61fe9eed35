-- both
CREATE TABLE node (id integer PRIMARY KEY, parent integer REFERENCES node);
-- from
CREATE VIEW tree AS WITH RECURSIVE r (id, path) AS (
    SELECT id, ARRAY[id] FROM node WHERE parent IS NULL
    UNION ALL SELECT n.id, r.path || n.id FROM node n JOIN r ON n.parent = r.id) SELECT id, path FROM r;
-- to
CREATE VIEW tree AS WITH RECURSIVE r (id) AS (
    SELECT id FROM node WHERE parent IS NULL
    UNION ALL SELECT n.id FROM node n JOIN r ON n.parent = r.id)
    SEARCH DEPTH FIRST BY id SET ordercol SELECT id, ordercol::text AS path FROM r;
