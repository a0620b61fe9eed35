//! What no shim can do, and what has to wait for one: each with the way out.

use super::{Deployment, rows, works};
use crate::cli::migrations;

const USERS: &str = r#"
#[table(name = "users")]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(unique)]
    pub mail: String,
    pub token: Option<i64>,
}

#[table(name = "marks")]
pub struct Mark {
    #[column(primary_key)]
    pub code: String,
    #[column(generated = sql("code || '!'"))]
    pub loud: Option<String>,
}
"#;

#[tokio::test]
async fn what_cannot_be_kept_alike_is_told_with_the_way_out() {
    let deployment = Deployment::of("shims-refused", USERS).await;
    let cases: &[(&str, &str, &str)] = &[
        (
            "pub id:",
            "#[column(renamed_from = \"id\")]\n pub number:",
            "column users.id is an identity",
        ),
        (
            "pub code:",
            "#[column(renamed_from = \"code\")]\n pub key:",
            "column marks.code is in the primary key",
        ),
        (
            "pub loud:",
            "#[column(renamed_from = \"loud\")]\n pub noisy:",
            "column marks.loud is generated",
        ),
        (
            "pub token: Option<i64>",
            "#[column(renamed_from = \"token\", backfill = 0)]\n pub key: i64",
            "column users.token allows NULL, and key does not allow NULL",
        ),
        (
            "pub token: Option<i64>",
            "#[column(renamed_from = \"token\")]\n pub day: Option<bool>",
            "there is no cast from bigint to boolean",
        ),
    ];
    for (from, to, message) in cases {
        let changed = USERS.replace(from, to).replace(
            "code ||",
            if *from == "pub code:" {
                "key ||"
            } else {
                "code ||"
            },
        );
        deployment
            .change(&changed, &["--drop-with", "#1"])
            .fails(2, &[message, "--no-shim"]);
    }
    assert_eq!(migrations(&deployment.project).len(), 1);
}

#[tokio::test]
async fn what_a_trigger_needs_stays_until_the_contract() {
    let deployment = Deployment::of("shims-busy", USERS).await;
    let renamed = USERS.replace("pub mail", "#[column(renamed_from = \"mail\")]\n pub email");
    deployment.change(&renamed, &["--drop-with", "#11"]).ok();
    let files = migrations(&deployment.project).len();
    let cases = [
        renamed.replace(
            "renamed_from = \"mail\")]\n pub email",
            "renamed_from = \"email\")]\n pub address",
        ),
        renamed
            .replace("pub email: String", "pub email: i64")
            .replace(
                "renamed_from = \"mail\"",
                "renamed_from = \"mail\", using = sql(\"length(email)\")",
            ),
        renamed.replace(
            "    #[column(unique)]\n    #[column(renamed_from = \"mail\")]\n pub email: String,\n",
            "",
        ),
        renamed.replace(
            "name = \"users\"",
            "name = \"people\", renamed_from = \"users\"",
        ),
        renamed.replacen(
            &renamed[renamed.find("#[table").unwrap()
                ..renamed.find("#[table(name = \"marks\")]").unwrap()],
            "",
            1,
        ),
    ];
    for changed in &cases {
        assert_ne!(changed, &renamed);
        deployment
            .change(
                changed,
                &[
                    "--drop-with",
                    "#12",
                    "--drop",
                    "users.token",
                    "--drop",
                    "users",
                ],
            )
            .fails(2, &["public.users.mail", "#11", "--contract '#11'"]);
    }
    assert_eq!(migrations(&deployment.project).len(), files);
}

#[tokio::test]
async fn what_was_written_by_hand_is_left_alone() {
    let deployment = Deployment::of("shims-by-hand", USERS).await;
    let by_hand = "-- migrate:n-1-shim: public.users.token drop-with #3\n\nALTER TABLE users ADD COLUMN secret bigint;\n";
    deployment.project.write("by_hand.sql", by_hand);
    deployment
        .migrate(&["new", "by_hand", "--from", "by_hand.sql"])
        .ok();
    let renamed = USERS.replace(
        "pub token",
        "#[column(renamed_from = \"token\")]\n pub secret",
    );
    deployment.change(&renamed, &[]).ok();
    deployment.is_clean();
    deployment
        .migrate(&["generate", "contract", "--contract", "3"])
        .fails(
            2,
            &[
                "public.users.token was not made by `generate`",
                "n-1-shim-drop: public.users.token",
            ],
        );
    let twice = "-- migrate:n-1-shim: users.token drop-with #3\n-- migrate:n-1-shim-drop: users.mail\nSELECT 1;\n";
    deployment.project.write("by_hand.sql", twice);
    deployment
        .migrate(&["new", "wrong", "--from", "by_hand.sql"])
        .ok();
    deployment
        .migrate(&["check"])
        .fails(11, &["no live shim of users.mail"]);
}

#[tokio::test]
async fn row_security_and_rights_on_columns_stop_the_migration() {
    let deployment = Deployment::of("shims-secured", USERS).await;
    let secured =
        "ALTER TABLE users ENABLE ROW LEVEL SECURITY; GRANT SELECT (id) ON users TO PUBLIC";
    deployment.database.run(secured).await;
    let renamed = USERS.replace(
        "name = \"users\"",
        "name = \"people\", renamed_from = \"users\"",
    );
    deployment.change(&renamed, &["--drop-with", "#2"]).ok();
    deployment.apply().fails(12, &["no view can stand for"]);
    let mut app = deployment.connect().await;
    works(rows(&mut app, "SELECT id::text FROM users").await);
}
