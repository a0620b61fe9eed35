//! What `generate` keeps for the previous release, with both releases at work before and after
//! each file.

use integration_tests::postgres::TestDatabase;
use integration_tests::project::TestProject;

use crate::cli::{migrate, migrations};

const SHOP: &str = r#"//! A shop.
use schema_core::prelude::*;

#[table(name = "users")]
#[index(name = "users_search", mail)]
#[check(name = "users_mail_check", sql("length(mail) > 2"))]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(unique, default = sql("'nobody@' || gen_random_uuid()"))]
    pub mail: String,
    pub name: Option<String>,
}
"#;

#[tokio::test]
async fn look() {
    let project = TestProject::package("shims-look", "", &[("src/lib.rs", SHOP)]);
    migrate(&project, &["generate", "create"]).ok();
    project.write(
        "src/lib.rs",
        &SHOP
            .replace(
                "name = \"users\"",
                "name = \"accounts\", renamed_from = \"users\"",
            )
            .replace(
                "pub name",
                "#[column(renamed_from = \"name\")]\n    pub full_name",
            ),
    );
    migrate(&project, &["generate", "accounts", "--drop-with", "#123"]).ok();
    println!("{:#?}", migrations(&project).last());
    let ran = migrate(&project, &["check"]);
    println!("{} {}", ran.out, ran.err);
    migrate(&project, &["generate", "contract", "--contract", "123"]).ok();
    let project = TestProject::package("shims-look", "", &[("src/lib.rs", SHOP)]);
    migrate(&project, &["generate", "create"]).ok();
    project.write(
        "src/lib.rs",
        &SHOP
            .replace("length(mail)", "length(email)")
            .replace("users_search\", mail", "users_search\", email")
            .replace(
                "pub mail",
                "#[column(renamed_from = \"mail\")]\n    pub email",
            ),
    );
    migrate(&project, &["generate", "email", "--drop-with", "#123"]).ok();
    for (name, sql) in migrations(&project) {
        println!("== {name}\n{sql}");
    }
    let ran = migrate(&project, &["check"]);
    println!("{} {}", ran.out, ran.err);
    migrate(&project, &["generate", "contract", "--contract", "123"]).ok();
    for (name, sql) in migrations(&project).split_off(1) {
        println!("== {name}\n{sql}");
    }
    let ran = migrate(&project, &["check"]);
    println!("{} {}", ran.out, ran.err);
    let _ = TestDatabase::new().await;
}
