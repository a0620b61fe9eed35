-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE TABLE plans (id bigint PRIMARY KEY, price integer CHECK (price > 0));
ALTER TABLE users ADD COLUMN score integer DEFAULT 0 CHECK (score >= 0);
ALTER TABLE plans ADD CHECK (price < 1000);
