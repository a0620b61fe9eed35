-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE SCHEMA work;
GRANT USAGE ON SCHEMA work TO app;
ALTER TABLE log SET SCHEMA work;
CREATE VIEW public.log WITH (security_invoker = true) AS SELECT id, line FROM work.log;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.log TO app;
