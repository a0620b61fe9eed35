-- roles: pairs_app
-- from
CREATE TYPE status AS ENUM ('new', 'paid');
CREATE TABLE customer (id serial PRIMARY KEY, email varchar(80) NOT NULL UNIQUE);
CREATE TABLE purchase (id serial PRIMARY KEY, customer integer NOT NULL REFERENCES customer, total integer NOT NULL, status status NOT NULL DEFAULT 'new');
CREATE INDEX purchase_customer ON purchase (customer);
CREATE VIEW unpaid AS SELECT p.id, c.email, p.total FROM purchase p JOIN customer c ON c.id = p.customer WHERE p.status = 'new';
CREATE FUNCTION total_of(integer) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT sum(total) FROM purchase WHERE customer = $1';
GRANT SELECT ON unpaid TO pairs_app;
-- to
CREATE EXTENSION citext;
CREATE TYPE status AS ENUM ('new', 'paid', 'sent');
CREATE DOMAIN money_amount AS numeric(12,2) CHECK (VALUE >= 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.changed := now(); RETURN NEW; END';
CREATE TABLE customer (id bigserial PRIMARY KEY, email citext NOT NULL UNIQUE, changed timestamptz NOT NULL DEFAULT now());
CREATE TABLE purchase (id bigserial PRIMARY KEY, customer bigint NOT NULL REFERENCES customer ON DELETE RESTRICT, total money_amount NOT NULL, status status NOT NULL DEFAULT 'new', sent date, CHECK (status <> 'sent' OR sent IS NOT NULL));
CREATE INDEX purchase_customer ON purchase (customer) INCLUDE (total);
CREATE INDEX purchase_open ON purchase (id) WHERE status <> 'sent';
CREATE TRIGGER touched BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION touch();
CREATE VIEW unpaid AS SELECT p.id, c.email, p.total, p.customer FROM purchase p JOIN customer c ON c.id = p.customer WHERE p.status = 'new';
CREATE MATERIALIZED VIEW revenue AS SELECT customer, sum(total) AS total FROM purchase GROUP BY customer;
CREATE UNIQUE INDEX revenue_customer ON revenue (customer);
CREATE FUNCTION total_of(bigint) RETURNS numeric LANGUAGE sql STABLE AS 'SELECT sum(total) FROM purchase WHERE customer = $1';
ALTER TABLE purchase ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON purchase TO pairs_app USING (customer = current_setting('app.customer')::bigint);
GRANT SELECT ON unpaid, revenue TO pairs_app;
