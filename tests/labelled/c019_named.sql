-- topics: C
-- expect: C019
-- file: add_mock_users
INSERT INTO users (name, email) VALUES ('a', 'mock@example.com');
