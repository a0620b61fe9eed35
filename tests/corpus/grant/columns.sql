-- roles: pairs_app
-- both
CREATE TABLE t (id integer, b text, "C c" text);
-- from
GRANT SELECT (id, b) ON t TO pairs_app;
GRANT UPDATE (b) ON t TO pairs_app;
-- to
GRANT SELECT (id, "C c") ON t TO pairs_app;
GRANT UPDATE (b) ON t TO pairs_app WITH GRANT OPTION;
GRANT INSERT (id), REFERENCES (id) ON t TO PUBLIC;
