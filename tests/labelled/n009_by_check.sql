-- expect: N009
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN plan text;
ALTER TABLE users ADD CONSTRAINT users_plan_given CHECK (plan IS NOT NULL) NOT VALID;
