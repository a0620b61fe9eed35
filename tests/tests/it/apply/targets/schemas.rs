//! Tests: tenants that are schemas of one database.

use sqlx::AssertSqlSafe;

use super::{Tenants, pairs, project, quoted, write};
use crate::apply::{ONE, THREE, TWO};

const HOSTILE: [&str; 5] = ["acme", "Acme & Söhne", "a\"b; --", "50%41 \\x", "select"];

async fn schemas(tenants: &Tenants, names: &[&str]) {
    for name in names {
        let sql = format!("CREATE SCHEMA {}", quoted(name));
        tenants.main.run(&sql).await;
    }
}

/// `schema.table` of everything, with the history where it is.
async fn tables(tenants: &Tenants) -> Vec<String> {
    let sql = "SELECT nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
               WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";
    let mut connection = tenants.main.connect().await;
    sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_all(&mut connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn each_schema_has_tables_and_history_of_its_own() {
    let tenants = Tenants::new(&[]).await;
    schemas(&tenants, &HOSTILE).await;
    // What else is in the database is none of their business.
    tenants
        .main
        .run("CREATE TABLE public.shared (id int)")
        .await;
    let project = project("schemas", &[ONE, TWO]);
    let query = "sql:SELECT 'schema:' || nspname FROM pg_namespace WHERE nspname !~ '^pg_' \
                 AND nspname NOT IN ('public', 'information_schema') ORDER BY oid";
    let ran = tenants
        .apply(&project, &["--targets", query, "--json"])
        .ok();
    let names = HOSTILE.map(|it| format!("schema:{it}"));
    let expected: Vec<_> = names.iter().map(|it| (it.as_str(), "applied")).collect();
    assert_eq!(tenants.states(&ran), pairs(&expected));
    let mut expected = vec!["public.shared".to_owned()];
    for name in HOSTILE {
        expected.extend(["atlas_schema_revisions", "one", "two"].map(|it| format!("{name}.{it}")));
    }
    expected.sort();
    let mut found = tables(&tenants).await;
    found.sort();
    assert_eq!(found, expected);

    // The next release, and one schema more, that is empty still.
    schemas(&tenants, &["late"]).await;
    write(&project, &[ONE, TWO, THREE]);
    let ran = tenants
        .apply(&project, &["--targets", query, "--json"])
        .ok();
    let report = ran.json();
    let targets = report["fleet"]["targets"].as_array().unwrap();
    let files: Vec<usize> = targets
        .iter()
        .map(|it| it["files"].as_array().unwrap().len())
        .collect();
    assert_eq!(files, [1, 1, 1, 1, 1, 3]);
    assert_eq!(
        (&targets[0]["from"], &targets[0]["to"]),
        (&"2".into(), &"3".into())
    );
    let ran = tenants
        .apply(&project, &["--targets", query, "--json"])
        .ok();
    assert_eq!(
        ran.json()["fleet"]["counts"],
        serde_json::json!({"unchanged": 6})
    );
}

#[tokio::test]
async fn atlas_names_a_schema_in_the_url() {
    let tenants = Tenants::new(&[]).await;
    schemas(&tenants, &["acme"]).await;
    let project = project("schemas_url", &[ONE]);
    let url = tenants.main.url();
    let mark = if url.contains('?') { '&' } else { '?' };
    project.write("tenants.txt", &format!("{url}{mark}search_path=acme\n"));
    tenants.apply(&project, &["--targets", "tenants.txt"]).ok();
    assert_eq!(
        tables(&tenants).await,
        ["acme.atlas_schema_revisions", "acme.one"]
    );
    // The other spelling of the same.
    project.write(
        "tenants.txt",
        &format!("{url}{mark}search_path=acme\nschema:acme\n"),
    );
    tenants
        .apply(&project, &["--targets", "tenants.txt"])
        .fails(
            2,
            &["`schema:acme` is listed already, as `", "tenants.txt:1"],
        );
}

#[tokio::test]
async fn a_schema_that_is_not_there_is_not_made() {
    let tenants = Tenants::new(&[]).await;
    let project = project("schemas_missing", &[ONE]);
    project.write("tenants.txt", "schema:ac me\n");
    tenants
        .apply(&project, &["--targets", "tenants.txt"])
        .fails(
            5,
            &["there is no schema `ac me`", "CREATE SCHEMA \"ac me\""],
        );
    assert!(tables(&tenants).await.is_empty());
    tenants
        .apply(
            &project,
            &["--targets", "tenants.txt", "--revisions-schema", "x"],
        )
        .fails(2, &["--revisions-schema is not for `schema:ac me`"]);
}

#[tokio::test]
async fn a_schema_that_is_not_empty_needs_a_baseline() {
    let tenants = Tenants::new(&[]).await;
    schemas(&tenants, &["used", "fresh"]).await;
    tenants.main.run("CREATE TABLE used.one (id int)").await;
    let project = project("schemas_used", &[ONE, TWO]);
    project.write("tenants.txt", "schema:fresh\nschema:used\n");
    tenants
        .apply(&project, &["--targets", "tenants.txt"])
        .fails(
            12,
            &["schema:used: ", "is not empty: it has relation used.one"],
        );
    project.write("used.txt", "schema:used\n");
    tenants
        .apply(&project, &["--targets", "used.txt", "--baseline", "1"])
        .ok();
    assert_eq!(
        tables(&tenants).await,
        [
            "fresh.atlas_schema_revisions",
            "fresh.one",
            "fresh.two",
            "used.atlas_schema_revisions",
            "used.one",
            "used.two"
        ]
    );
}
