-- from
CREATE SCHEMA s;
-- to
CREATE SCHEMA s;
CREATE COLLATION s."De.de" (PROVIDER = icu, LOCALE = 'de');
CREATE TABLE t (a text COLLATE s."De.de");
CREATE DOMAIN d AS text COLLATE s."De.de";
