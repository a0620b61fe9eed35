-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN handle text;
ALTER TABLE users ADD CONSTRAINT users_handle_key UNIQUE (handle);
ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();
CREATE UNIQUE INDEX users_token_name ON users (token, name);
