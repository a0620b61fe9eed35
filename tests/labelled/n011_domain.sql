-- expect: N011
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER DOMAIN email ADD CONSTRAINT email_short CHECK (length(VALUE) < 20) NOT VALID;
