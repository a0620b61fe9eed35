-- from
CREATE TABLE member (doc integer, who text);
CREATE TABLE doc (id integer);
CREATE POLICY a ON doc USING (EXISTS (SELECT FROM member WHERE doc = doc.id AND who = CURRENT_USER));
-- to
CREATE TABLE member (doc bigint, who varchar(20));
CREATE TABLE doc (id integer);
CREATE POLICY a ON doc USING (EXISTS (SELECT FROM member WHERE doc = doc.id AND who = CURRENT_USER));
