-- expect: N008
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TYPE order_status RENAME TO status_of_order;
