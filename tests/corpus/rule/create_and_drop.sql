-- both
CREATE TABLE t (id integer, b text);
CREATE TABLE log (id integer);
-- from
CREATE RULE gone AS ON DELETE TO t DO INSTEAD NOTHING;
-- to
CREATE RULE logged AS ON UPDATE TO t WHERE old.b <> new.b DO ALSO INSERT INTO log VALUES (old.id);
COMMENT ON RULE logged ON t IS 'Logs.';
