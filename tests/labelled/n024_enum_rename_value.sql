-- expect: N024
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TYPE order_status RENAME VALUE 'void' TO 'cancelled';
