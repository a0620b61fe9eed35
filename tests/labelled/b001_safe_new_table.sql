-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE TABLE drafts (id bigint PRIMARY KEY, body text);
CREATE INDEX drafts_body_idx ON drafts (body);
-- file: second
SET LOCAL lock_timeout = '2s';
CREATE INDEX drafts_length_idx ON drafts (length(body));
