-- topics: C
-- expect: nothing
-- file: remove_mock_users
DELETE FROM orders WHERE id = -1;
-- file: add_mock_column
ALTER TABLE users ADD COLUMN is_mock boolean;
-- file: config_test_results
INSERT INTO users (name, email) VALUES ('a', 'b@example.com');
