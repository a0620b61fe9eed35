-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE DOMAIN short AS text CHECK (length(VALUE) < 3);
DROP DOMAIN short;
DROP TYPE IF EXISTS nothing;
