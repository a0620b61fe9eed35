-- expect: nothing
-- file: drafts
CREATE TABLE drafts (id bigint PRIMARY KEY, body text, extra text);
ALTER TABLE drafts DROP COLUMN extra;
CREATE INDEX drafts_body_idx ON drafts (body);
