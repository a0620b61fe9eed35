-- expect: nothing
-- topics: NG
-- file: build
-- atlas:txmode none
CREATE UNIQUE INDEX CONCURRENTLY log_pkey_new ON log (id);
-- file: swap
SET LOCAL lock_timeout = '2s';
ALTER TABLE log DROP CONSTRAINT log_pkey, ADD CONSTRAINT log_pkey PRIMARY KEY USING INDEX log_pkey_new;
