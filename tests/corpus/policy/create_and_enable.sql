-- roles: pairs_app
-- both
CREATE TABLE doc (id integer PRIMARY KEY, owner text NOT NULL);
-- from
-- to
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON doc TO pairs_app USING (owner = CURRENT_USER) WITH CHECK (owner = CURRENT_USER);
