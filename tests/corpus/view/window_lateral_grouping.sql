-- both
CREATE TABLE sale (id integer, region text, product text, amount numeric, at timestamptz);
-- from
CREATE VIEW report AS SELECT region, product, sum(amount) AS amount FROM sale GROUP BY CUBE (region, product);
CREATE VIEW ranks AS SELECT id, rank() OVER (PARTITION BY region ORDER BY amount DESC) AS place FROM sale;
-- to
CREATE VIEW report AS SELECT region, product, sum(amount) AS amount FROM sale GROUP BY GROUPING SETS ((region), (product), ());
CREATE VIEW ranks AS SELECT s.id, rank() OVER w AS place, l.n FROM sale s CROSS JOIN LATERAL
    (SELECT count(*) AS n FROM sale o WHERE o.region = s.region) l WINDOW w AS (PARTITION BY s.region ORDER BY s.amount DESC NULLS LAST);
