-- from
CREATE TABLE article (id integer PRIMARY KEY, title text, body text);
CREATE FUNCTION words(text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$ SELECT to_tsvector('english', $1) $$;
CREATE INDEX article_words ON article USING gin (words(body));
-- to
CREATE EXTENSION unaccent;
CREATE TEXT SEARCH CONFIGURATION plain (COPY = english);
ALTER TEXT SEARCH CONFIGURATION plain ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
CREATE FUNCTION words(text, text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$ SELECT to_tsvector('plain', $1 || ' ' || $2) $$;
CREATE TABLE article (id integer PRIMARY KEY, title text NOT NULL, body text, words tsvector GENERATED ALWAYS AS (words(title, body)) STORED);
CREATE INDEX article_words ON article USING gin (words) WITH (fastupdate = off);
CREATE FUNCTION search(q text) RETURNS SETOF article LANGUAGE sql STABLE AS $$ SELECT * FROM article WHERE words @@ websearch_to_tsquery('plain', q) $$;
