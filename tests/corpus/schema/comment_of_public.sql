-- from
COMMENT ON SCHEMA public IS 'Ours.';
-- to
COMMENT ON SCHEMA public IS NULL;
