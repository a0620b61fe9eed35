-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE TABLE plans (id bigint PRIMARY KEY, name text);
INSERT INTO plans VALUES (1, 'free'), (2, 'paid');
UPDATE plans SET name = upper(name);
DELETE FROM plans;
TRUNCATE plans;
