-- roles: pairs_owner
-- from
-- to
ALTER SCHEMA public OWNER TO pairs_owner;
