-- expect: N043
-- topics: NG
-- file: change
-- atlas:txmode none
ALTER TABLE orders DISABLE TRIGGER ALL;
ALTER TABLE orders ENABLE TRIGGER ALL;
