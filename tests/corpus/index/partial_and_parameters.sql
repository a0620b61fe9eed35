-- both
CREATE TABLE t (id integer, s text);
-- from
CREATE INDEX i1 ON t (id) WHERE s IS NOT NULL;
CREATE INDEX i2 ON t (id) WITH (fillfactor = 50);
CREATE INDEX i3 ON t USING gin (to_tsvector('english', s)) WITH (fastupdate = off);
-- to
CREATE INDEX i1 ON t (id) WHERE s = ANY (ARRAY['a', 'b''c']);
CREATE INDEX i2 ON t (id) WITH (fillfactor = 60, deduplicate_items = off);
CREATE INDEX i3 ON t USING gin (to_tsvector('english', s)) WITH (gin_pending_list_limit = 100);
