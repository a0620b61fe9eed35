-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE TABLE drafts (id bigserial PRIMARY KEY);
CREATE VIEW draft_ids AS SELECT id FROM drafts;
DROP TABLE drafts CASCADE;
