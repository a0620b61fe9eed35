-- topics: C
-- expect: C019
-- file: log_fixtures
DO $$ BEGIN INSERT INTO log VALUES (1, 'a'), (2, 'b'); END $$;
