-- expect: N001
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE public."users" DROP COLUMN IF EXISTS "nickname";
