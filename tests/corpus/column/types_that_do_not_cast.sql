-- from
CREATE TABLE t (a text DEFAULT '1', b text, c integer DEFAULT 0, d jsonb, e date);
-- to
CREATE TABLE t (a integer DEFAULT 1, b uuid, c boolean DEFAULT false, d text[], e integer);
