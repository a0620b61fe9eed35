-- both
CREATE FUNCTION same(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a = b';
CREATE FUNCTION other(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a <> b';
-- from
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = same);
-- to
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = same, COMMUTATOR = ===, NEGATOR = !==, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR !== (LEFTARG = text, RIGHTARG = text, FUNCTION = other, COMMUTATOR = !==, NEGATOR = ===);
COMMENT ON OPERATOR === (text, text) IS 'The same.';
