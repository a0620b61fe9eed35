-- from
CREATE TEXT SEARCH CONFIGURATION mine (COPY = simple);
CREATE TABLE t (body text, v tsvector GENERATED ALWAYS AS (to_tsvector('mine', body)) STORED);
CREATE INDEX i ON t USING gin (to_tsvector('mine', body));
-- to
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION mine (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION mine ALTER MAPPING FOR asciiword WITH d;
CREATE TABLE t (body text, v tsvector GENERATED ALWAYS AS (to_tsvector('mine', body)) STORED);
CREATE INDEX i ON t USING gin (to_tsvector('mine', body));
