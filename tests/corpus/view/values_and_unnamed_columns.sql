-- from
CREATE VIEW v AS VALUES (1, 'one'), (2, 'two');
CREATE VIEW w AS SELECT NULL::text AS nothing, '' AS empty, 1.5 AS number;
-- to
CREATE VIEW v AS VALUES (1, 'one', true), (2, 'two', false);
CREATE VIEW w AS SELECT NULL::text AS nothing, ' ' AS empty, 1.50 AS number;
