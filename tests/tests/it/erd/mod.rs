//! `erd`: pictures of a schema, and the page in a real browser.

mod command;
mod forms;
mod layout;
mod page;

use integration_tests::postgres::TestDatabase;
use schema_core::render::{Diagram, History};

/// A picture of what some SQL makes.
async fn diagram(sql: &str) -> Diagram {
    let catalog = TestDatabase::with(sql).await.catalog().await;
    Diagram::new("shop", &catalog, None, &History::new())
}

/// A picture of what some more SQL changes.
async fn changed(before: &str, more: &str) -> Diagram {
    let database = TestDatabase::with(before).await;
    let was = database.catalog().await;
    database.run(more).await;
    let is = database.catalog().await;
    Diagram::new("shop", &is, Some(("main", &was)), &History::new())
}

const SHOP: &str = "CREATE TYPE order_status AS ENUM ('new', 'paid');
    CREATE TABLE users (id bigint PRIMARY KEY, email varchar(80) NOT NULL UNIQUE, seen timestamptz);
    CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users,
        parent bigint REFERENCES orders, status order_status NOT NULL DEFAULT 'new');
    CREATE INDEX orders_user_idx ON orders (user_id) WHERE status = 'new';
    ALTER TABLE users ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON users USING (email = current_user);
    CREATE VIEW active AS SELECT id, email FROM users WHERE seen IS NOT NULL;
    COMMENT ON TABLE users IS 'People.';";

/// Names that end scripts, quotes, statements and patience.
const HOSTILE: &str = r#"CREATE SCHEMA "we.ird";
    CREATE TABLE "</script><script>document.title='taken'</script>" (id bigint PRIMARY KEY,
        "PK" text, "a ""b"" %%;#{}" text, "顧客" text, "<b>" text, "{data}" text);
    COMMENT ON TABLE "</script><script>document.title='taken'</script>" IS '</script><!-- "x" & {data} {js}';
    CREATE TABLE "we.ird"."Users ""x"".y\z `%" (id bigint PRIMARY KEY,
        ref bigint REFERENCES "</script><script>document.title='taken'</script>");
    CREATE TABLE "title" (uk bigint PRIMARY KEY);
    CREATE TABLE "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJK" int);
    CREATE TABLE empty ();"#;
