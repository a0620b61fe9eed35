-- expect: N043
-- topics: NG
-- base
CREATE VIEW thing AS SELECT 1 AS id;
CREATE FUNCTION put() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER thing_put INSTEAD OF INSERT ON thing FOR EACH ROW EXECUTE FUNCTION put();
-- file: change
SET LOCAL lock_timeout = '2s';
DROP VIEW thing;
CREATE VIEW thing AS SELECT 1 AS id;
