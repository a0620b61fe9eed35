-- both
CREATE EXTENSION moddatetime;
CREATE TABLE t (id integer, at timestamp);
-- from
-- to
CREATE TRIGGER touched BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION moddatetime(at);
