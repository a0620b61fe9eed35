-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE TABLE "DROP TABLE users" (id bigint PRIMARY KEY, "ALTER TABLE" text DEFAULT 'ALTER TABLE users DROP COLUMN name;');
ALTER TABLE "DROP TABLE users" DROP COLUMN "ALTER TABLE";
DO $do$ BEGIN PERFORM $$ALTER TABLE users RENAME TO people$$; END $do$;
DROP TABLE "DROP TABLE users";
