-- roles: pairs_app, pairs_reader
-- both
CREATE TABLE t (id integer, b text);
CREATE TABLE member (id integer, who text);
-- from
CREATE POLICY a ON t TO pairs_app USING (id > 0);
CREATE POLICY b ON t TO PUBLIC USING (true);
CREATE POLICY c ON t USING (id > 0) WITH CHECK (id > 0);
-- to
CREATE POLICY a ON t TO pairs_app, pairs_reader USING (id > 1);
CREATE POLICY b ON t TO CURRENT_USER USING (true);
CREATE POLICY c ON t USING (id IN (SELECT m.id FROM member m WHERE m.who = current_setting('app.user', true)));
