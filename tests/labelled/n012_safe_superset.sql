-- expect: nothing
-- topics: NG
-- file: change
-- atlas:txmode none
CREATE UNIQUE INDEX CONCURRENTLY users_email_name ON users (email, name);
CREATE UNIQUE INDEX CONCURRENTLY users_email_live ON users (email) WHERE status = 'active';
