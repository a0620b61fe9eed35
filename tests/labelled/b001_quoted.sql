-- topics: BLT
-- expect: B001
-- file: index
SET LOCAL lock_timeout = '2s';
CREATE TABLE IF NOT EXISTS "users" (id bigint);
CREATE INDEX "Users Note" ON public."users" (note, lower(name));
