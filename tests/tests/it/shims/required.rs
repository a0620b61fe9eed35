//! Columns that become required: a trigger fills what the previous release leaves out.

use super::{Deployment, rows, sqlstate, works};
use crate::cli::migrations;

const USERS: &str = r#"
#[table(name = "users")]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub mail: String,
    pub name: Option<String>,
}
"#;

fn required() -> String {
    USERS.replace(
        "pub name: Option<String>",
        "#[column(backfill = sql(\"upper(mail)\"))]\n    pub name: String",
    )
}

#[tokio::test]
async fn the_previous_release_may_leave_out_what_is_required() {
    let deployment = Deployment::of("shims-required", USERS).await;
    let mut old = deployment.connect().await;
    let previous_release = [
        "INSERT INTO users (mail) VALUES ('a')",
        "INSERT INTO users (mail, name) VALUES ('b', NULL), ('c', 'Cy')",
        "UPDATE users SET name = NULL WHERE mail = 'c'",
        "UPDATE users SET name = 'Dan' WHERE mail = 'a'",
        "SELECT name FROM users",
    ];
    for sql in previous_release {
        works(rows(&mut old, sql).await);
    }
    deployment
        .change(&required(), &[])
        .fails(2, &["public.users.name", "--drop-with '#123'", "--no-shim"]);
    deployment.change(&required(), &["--drop-with", "#4"]).ok();
    deployment.is_clean();
    while deployment.next().is_some() {
        for sql in previous_release {
            works(rows(&mut old, sql).await);
        }
    }
    let values = "SELECT DISTINCT mail, name FROM users ORDER BY 1, 2";
    assert_eq!(works(rows(&mut old, values).await), ["a|Dan", "b|B", "c|C"]);
    let nullable = "SELECT attnotnull::text FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'name'";
    assert_eq!(works(rows(&mut old, nullable).await), ["true"]);

    deployment
        .migrate(&["generate", "contract", "--contract", "#4"])
        .ok();
    deployment.is_clean();
    deployment.apply().ok();
    assert_eq!(sqlstate(rows(&mut old, previous_release[0]).await), "23502");
    let left = "SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace";
    assert_eq!(works(rows(&mut old, left).await), [""; 0]);
}

#[tokio::test]
async fn without_a_shim_it_is_said_what_breaks() {
    let deployment = Deployment::of("shims-required-bare", USERS).await;
    let ran = deployment
        .change(&required(), &["--no-shim", "--dry-run"])
        .ok();
    assert!(
        ran.err.contains("users.name becomes required"),
        "{}",
        ran.err
    );
    assert!(!ran.out.contains("TRIGGER"), "{}", ran.out);
    let bare = USERS.replace("pub name: Option<String>", "pub name: String");
    let ran = deployment.change(&bare, &["--dry-run"]).ok();
    assert!(ran.err.contains("`backfill = …`"), "{}", ran.err);
    assert_eq!(migrations(&deployment.project).len(), 1);
}

#[tokio::test]
async fn a_backfill_that_postgresql_does_not_understand_is_not_written() {
    let deployment = Deployment::of("shims-required-wrong", USERS).await;
    let wrong = required().replace("upper(mail)", "upper(nothing)");
    deployment
        .change(&wrong, &["--drop-with", "#4"])
        .fails(12, &["\"nothing\" does not exist"]);
    assert_eq!(migrations(&deployment.project).len(), 1);
}
