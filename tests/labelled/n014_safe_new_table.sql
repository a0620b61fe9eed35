-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE TABLE stays (id bigint PRIMARY KEY, room integer, nights daterange, EXCLUDE USING gist (nights WITH &&));
ALTER TABLE shop.carts ADD COLUMN stay daterange;
ALTER TABLE shop.carts ADD EXCLUDE USING gist (stay WITH &&);
