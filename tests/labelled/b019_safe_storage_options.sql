-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE log SET (fillfactor = 80);
ALTER TABLE log ALTER COLUMN line SET STORAGE EXTERNAL;
ALTER TABLE log ALTER COLUMN line SET STATISTICS 500;
