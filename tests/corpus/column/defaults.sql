-- from
CREATE TABLE t (a integer DEFAULT 1, b text DEFAULT 'x', c date, d jsonb DEFAULT '{}');
-- to
CREATE TABLE t (a integer DEFAULT 2, b text, c date DEFAULT CURRENT_DATE, d jsonb DEFAULT '{"a": ["it''s"]}');
