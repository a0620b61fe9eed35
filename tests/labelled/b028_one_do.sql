-- topics: BLT
-- expect: B028
-- file: first
SET LOCAL lock_timeout = '2s';
DO $$ BEGIN
    ALTER TABLE users ADD COLUMN plan text;
    UPDATE users SET plan = 'free';
END $$;
