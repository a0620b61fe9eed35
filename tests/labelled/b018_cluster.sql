-- topics: BLT
-- expect: B018
-- file: first
SET LOCAL lock_timeout = '2s';
CLUSTER users USING users_pkey;
