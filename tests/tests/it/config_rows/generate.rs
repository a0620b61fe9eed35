//! `generate` and `check` with declared rows.

use integration_tests::postgres::TestDatabase;
use integration_tests::project::TestProject;

use super::{deploy, texts};
use crate::cli::{migrate, migrations};

/// Plans with their features.
fn source(plans: &str, features: &str) -> String {
    format!(
        r#"//! Rows.
use schema_core::prelude::*;

#[derive(Clone, Copy, PgEnum)]
pub enum Kind {{ Basic, Full }}

rows!(PLANS = [{plans}]);

#[table(name = "plans", rows = PLANS)]
pub struct Plan {{
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(unique)]
    pub code: String,
    #[column(unique)]
    pub label: Option<String>,
    #[column(default = 0, check = (monthly >= 0))]
    pub monthly: i32,
    #[column(default = Kind::Basic)]
    pub kind: Kind,
}}

#[table(name = "features", rows = [{features}])]
pub struct Feature {{
    #[column(primary_key)]
    pub name: String,
    #[column(references = Plan::code)]
    pub plan: String,
    pub weight: Option<f64>,
}}

#[table(name = "users")]
pub struct User {{
    #[column(primary_key)]
    pub name: String,
}}
"#
    )
}

fn project(name: &str, plans: &str, features: &str) -> TestProject {
    TestProject::package(name, "", &[("src/lib.rs", &source(plans, features))])
}

fn newest(project: &TestProject) -> String {
    migrations(project).pop().expect("a migration").1
}

const PLANS: &str =
    r#"{ code: "free", kind: Kind::Basic }, { code: "pro", monthly: 1900, kind: Kind::Full }"#;
const FEATURES: &str =
    r#"{ name: "sso", plan: "pro", weight: -1.5 }, { name: "mail", plan: "free" }"#;

#[tokio::test]
async fn what_changes_in_the_source_changes_in_a_database_that_people_use() {
    let project = project("rows-change", PLANS, FEATURES);
    migrate(&project, &["generate", "first"]).ok();
    let first = newest(&project);
    assert!(first.contains("-- Insert 1 row into plans\n"), "{first}");
    assert!(
        first.contains(
            "INSERT INTO features (name, plan, weight)\nVALUES\n    ('sso', 'pro', '-1.5')"
        ),
        "{first}"
    );
    migrate(&project, &["generate", "again"]).ok();
    migrate(&project, &["check"]).ok();
    assert_eq!(migrations(&project).len(), 1);

    let production = TestDatabase::new().await;
    let done = deploy(&project, &production, 0).await;
    production
        .run(
            "UPDATE plans SET monthly = 7, label = 'by hand' WHERE code = 'pro';
             INSERT INTO plans (code) VALUES ('custom'), ('team');
             UPDATE plans SET label = 'theirs' WHERE code = 'team';
             DELETE FROM features WHERE name = 'mail';
             INSERT INTO users VALUES ('ann')",
        )
        .await;

    let plans = r#"{ code: "pro", monthly: 2000, kind: Kind::Full }, { code: "team", monthly: 5, kind: Kind::Full }"#;
    let features = r#"{ name: "sso", plan: "team", weight: -1.5 }, { name: "chat", plan: "pro", weight: None }"#;
    project.write("src/lib.rs", &source(plans, features));
    let ran = migrate(&project, &["check"]).fails(
        4,
        &[
            "delete row code = 'free' from table plans",
            "update row code = 'pro' of table plans: monthly = 2000",
            "insert row code = 'team' into table plans",
            "update row name = 'sso' of table features: plan = 'team'",
        ],
    );
    assert!(
        ran.out.contains("DELETE FROM plans WHERE code = 'free';"),
        "{}",
        ran.out
    );
    migrate(&project, &["generate", "second"]).ok();
    let second = newest(&project);
    for line in [
        "UPDATE plans SET monthly = 2000 WHERE code = 'pro';",
        "UPDATE features SET plan = 'team' WHERE name = 'sso';",
        "DELETE FROM features WHERE name = 'mail';",
        "DELETE FROM plans WHERE code = 'free';",
    ] {
        assert!(second.contains(line), "no `{line}` in:\n{second}");
    }
    assert!(
        !second.contains("ALTER") && !second.contains("CREATE"),
        "{second}"
    );
    migrate(&project, &["check"]).ok();

    deploy(&project, &production, done).await;
    let rows = "SELECT concat_ws(' ', code, label, monthly, kind) FROM plans ORDER BY code";
    assert_eq!(
        texts(&production, rows).await,
        [
            "custom 0 basic",
            "pro by hand 2000 full",
            "team theirs 5 full"
        ]
    );
    let rows = "SELECT concat_ws(' ', name, plan, weight) FROM features ORDER BY name";
    assert_eq!(
        texts(&production, rows).await,
        ["chat pro", "sso team -1.5"]
    );
    assert_eq!(texts(&production, "SELECT name FROM users").await, ["ann"]);
}

#[tokio::test]
async fn tables_without_rows_and_columns_that_no_row_names_are_left_alone() {
    let project = project("rows-alone", PLANS, FEATURES);
    migrate(&project, &["generate", "first"]).ok();
    project.write(
        "by_hand.sql",
        "INSERT INTO users VALUES ('ann');
         UPDATE plans SET label = 'X' WHERE code = 'pro';
         INSERT INTO features (name, plan) VALUES ('old', 'pro');",
    );
    migrate(&project, &["new", "config_more", "--from", "by_hand.sql"]).ok();
    migrate(&project, &["generate", "second"]).ok();
    let second = newest(&project);
    let statements = second.lines().filter(|line| line.ends_with(';')).skip(1);
    assert_eq!(
        statements.collect::<Vec<_>>(),
        ["DELETE FROM features WHERE name = 'old';"],
        "{second}"
    );
}

#[tokio::test]
async fn rows_go_along_with_changes_of_their_table() {
    let project = project("rows-schema", PLANS, FEATURES);
    migrate(&project, &["generate", "first"]).ok();
    let plans = r#"{ code: "pro", monthly: 1900, kind: Kind::Team, seats: 3 }, { code: "team", kind: Kind::Team, seats: 5 }"#;
    let features = r#"{ name: "sso", plan: "pro", weight: -1.5 }"#;
    let changed = source(plans, features)
        .replace(
            "Basic, Full }",
            "#[pg(renamed_from = \"basic\")] Plain, Full, Team }",
        )
        .replace("Kind::Basic", "Kind::Plain")
        .replace(
            "name = \"plans\"",
            "name = \"offers\", renamed_from = \"plans\"",
        )
        .replace("pub monthly: i32", "pub monthly: i64")
        .replace(
            "    pub kind: Kind",
            "    pub kind: Kind,\n    #[column(default = 1)]\n    pub seats: i32",
        )
        .replace("weight: Option<f64>", "weight: Option<f32>");
    project.write("src/lib.rs", &changed);
    migrate(&project, &["generate", "second", "--no-shim"]).ok();
    migrate(&project, &["generate", "again"]).ok();
    let last = newest(&project);
    assert!(last.contains("VALUES\n    ('team', 'team', 5)"), "{last}");
    assert!(!last.contains("ADD VALUE"), "{last}");
    let database = TestDatabase::new().await;
    deploy(&project, &database, 0).await;
    let rows = "SELECT concat_ws(' ', code, monthly, kind, seats) FROM offers ORDER BY code";
    assert_eq!(
        texts(&database, rows).await,
        ["pro 1900 team 3", "team 0 team 5"]
    );

    // The rows of a table that goes, and of one that no longer declares any, are nobody's business.
    let fewer = changed.replace(", rows = PLANS", "");
    let cut = fewer.find("#[table(name = \"features\"").unwrap();
    let users = fewer.find("#[table(name = \"users\"").unwrap();
    project.write(
        "src/lib.rs",
        &format!("{}{}", &fewer[..cut], &fewer[users..]),
    );
    migrate(&project, &["generate", "third"]).ok();
    let third = newest(&project);
    assert!(
        third.contains("DROP TABLE features") && !third.contains("DELETE"),
        "{third}"
    );
}

#[tokio::test]
async fn a_renamed_column_keeps_its_rows_beside_a_shim() {
    let project = project("rows-shim", PLANS, FEATURES);
    migrate(&project, &["generate", "first"]).ok();
    let plans = r#"{ code: "free", kind: Kind::Basic, price: 1 }, { code: "pro", price: 1900, kind: Kind::Full }"#;
    let changed = source(plans, FEATURES).replace(
        "#[column(default = 0, check = (monthly >= 0))]\n    pub monthly: i32",
        "#[column(default = 0, renamed_from = \"monthly\", check = (price >= 0))]\n    pub price: i32",
    );
    project.write("src/lib.rs", &changed);
    migrate(&project, &["generate", "second", "--drop-with", "#7"]).ok();
    migrate(&project, &["generate", "again"]).ok();
    migrate(&project, &["check"]).ok();
    let database = TestDatabase::new().await;
    deploy(&project, &database, 0).await;
    let rows = "SELECT concat_ws(' ', code, price, monthly) FROM plans ORDER BY code";
    assert_eq!(texts(&database, rows).await, ["free 1 1", "pro 1900 1900"]);
}

#[tokio::test]
async fn the_order_is_one_that_works() {
    // A unique value goes from one row to another; what references a row gets another one.
    let plans = r#"{ code: "a", label: "best" }, { code: "b", label: "good" }"#;
    let project = project("rows-order", plans, r#"{ name: "sso", plan: "a" }"#);
    migrate(&project, &["generate", "first"]).ok();
    let plans = r#"{ code: "b", label: "good" }, { code: "c", label: "fine" }"#;
    project.write(
        "src/lib.rs",
        &source(plans, r#"{ name: "sso", plan: "c" }"#),
    );
    migrate(&project, &["generate", "second"]).ok();
    let plans = r#"{ code: "c", label: "fine" }, { code: "d", label: "good" }"#;
    project.write(
        "src/lib.rs",
        &source(plans, r#"{ name: "sso", plan: "c" }"#),
    );
    migrate(&project, &["generate", "third"]).ok();
    migrate(&project, &["check"]).ok();

    // No order of whole statements does both at once.
    let plans = r#"{ code: "e", label: "fine" }"#;
    project.write(
        "src/lib.rs",
        &source(plans, r#"{ name: "sso", plan: "e" }"#),
    );
    migrate(&project, &["generate", "fourth"]).fails(
        12,
        &["cannot become those that are declared", "plans_label_key"],
    );
    assert_eq!(migrations(&project).len(), 3);
}

#[tokio::test]
async fn given_numbers_are_not_given_again() {
    let source = r#"//! Rows.
use schema_core::prelude::*;

#[table(name = "a", rows = [{ id: 5, name: "x" }, { id: 7, name: "y" }])]
pub struct A {
    #[column(primary_key, identity(always))]
    pub id: i32,
    pub name: String,
}

#[table(name = "b", rows = [{ id: 3 }])]
pub struct B {
    #[column(primary_key, identity(start = 1000))]
    pub id: i64,
    pub note: Option<String>,
}
"#;
    let project = TestProject::package("rows-numbers", "", &[("src/lib.rs", source)]);
    migrate(&project, &["generate", "first"]).ok();
    let database = TestDatabase::new().await;
    let done = deploy(&project, &database, 0).await;
    let text = source
        .replace("name: \"y\"", "name: \"z\"")
        .replace("}, {", "}, { id: 6, name: \"n\" }, {");
    project.write("src/lib.rs", &text);
    database.run("INSERT INTO a (name) VALUES ('own')").await;
    migrate(&project, &["generate", "second"]).ok();
    deploy(&project, &database, done).await;
    database
        .run("INSERT INTO a (name) VALUES ('next'); INSERT INTO b (note) VALUES ('next')")
        .await;
    let rows = "SELECT concat_ws(' ', id, name) FROM a ORDER BY id";
    assert_eq!(
        texts(&database, rows).await,
        ["5 x", "6 n", "7 z", "8 own", "9 next"]
    );
    let rows = "SELECT id::text FROM b ORDER BY b.id";
    assert_eq!(texts(&database, rows).await, ["3", "1000"]);
}

#[tokio::test]
async fn rows_that_cannot_be_are_told_at_their_line() {
    let project = project("rows-wrong", PLANS, FEATURES);
    let code = |plans: &str| project.write("src/lib.rs", &source(plans, ""));
    for (plans, parts) in [
        (
            r#"{ code: sql("upper(label)") }"#,
            &[
                "S013",
                "src/lib.rs:7",
                "cannot use column reference in DEFAULT",
            ][..],
        ),
        (
            r#"{ code: sql("(SELECT max(name) FROM users)") }"#,
            &["S013", "subquery"],
        ),
        (
            r#"{ code: "x", label: sql("gen_random_uuid()::text") }"#,
            &["S014", "`label`", "another one each time"],
        ),
        (
            r#"{ code: "X" }, { code: sql("upper('x')") }"#,
            &["S015", "two rows of `plans` have the same key: code = 'X'"],
        ),
    ] {
        code(plans);
        migrate(&project, &["generate", "first"]).fails(10, parts);
    }
    code(r#"{ code: "x", monthly: -1 }"#);
    migrate(&project, &["generate", "first"]).fails(12, &["plans_monthly_check"]);
    assert_eq!(migrations(&project).len(), 0);

    // A rule that the rows of before break.
    code(PLANS);
    migrate(&project, &["generate", "first"]).ok();
    let strict = source(PLANS, "").replace("monthly >= 0", "monthly >= 5");
    project.write("src/lib.rs", &strict);
    migrate(&project, &["generate", "second"]).fails(12, &["rows that earlier migrations wrote"]);
}

#[tokio::test]
async fn mock_data_is_no_migration() {
    let project = project("rows-mock", PLANS, FEATURES);
    for name in ["mock_users", "add-test-data", "user_fixtures", "seed_mock"] {
        migrate(&project, &["generate", name]).fails(2, &["mock data", "schema_core::testing"]);
        migrate(&project, &["new", name]).fails(2, &["mock data", "schema_core::testing"]);
    }
    assert_eq!(migrations(&project).len(), 0);
    migrate(&project, &["new", "remove_mock_users"]).ok();
    // Rows for tests stay in tests.
    let tests_only = source(PLANS, "").replace(
        "rows!(PLANS = [",
        "#[cfg(test)]\nrows!(PLANS = [{ code: \"mock\" }]);\n#[cfg(not(test))]\nrows!(PLANS = [",
    );
    project.write("src/lib.rs", &tests_only);
    migrate(&project, &["generate", "first"]).ok();
    assert!(!newest(&project).contains("mock"));
}
