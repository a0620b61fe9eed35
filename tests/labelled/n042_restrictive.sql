-- expect: N042
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE POLICY notes_short ON notes AS RESTRICTIVE USING (false);
