-- from: 18
-- expect: nothing
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18) NOT ENFORCED;
