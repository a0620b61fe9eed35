-- from
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY);
-- to
CREATE SCHEMA audit;
CREATE TYPE audit.operation AS ENUM ('INSERT', 'UPDATE', 'DELETE');
CREATE TABLE audit.entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, relation regclass NOT NULL, operation audit.operation NOT NULL, old jsonb, new jsonb);
CREATE FUNCTION audit.write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_temp AS $$
BEGIN
    INSERT INTO entry (relation, operation, old, new) VALUES (TG_RELID, TG_OP::operation, to_jsonb(OLD), to_jsonb(NEW));
    RETURN NULL;
END
$$;
CREATE TABLE a (id integer PRIMARY KEY, n text);
CREATE TABLE b (id integer PRIMARY KEY);
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION audit.write();
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON b FOR EACH ROW EXECUTE FUNCTION audit.write();
CREATE RULE never AS ON DELETE TO audit.entry DO INSTEAD NOTHING;
CREATE VIEW audit.latest AS SELECT DISTINCT ON (relation) relation, id, operation FROM audit.entry ORDER BY relation, id DESC;
