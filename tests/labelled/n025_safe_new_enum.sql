-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE TYPE mood AS ENUM ('good');
ALTER TYPE mood RENAME VALUE 'good' TO 'fine';
DROP TYPE mood;
CREATE TYPE mood AS ENUM ('bad');
ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'paid';
