-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
DELETE FROM log WHERE id = 1;
UPDATE users SET note = 'x' FROM orgs WHERE orgs.id = users.org_id AND users.id = 1;
