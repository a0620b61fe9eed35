-- expect: N014
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE shop.carts ADD CONSTRAINT carts_once EXCLUDE USING btree (user_id WITH =);
