//! Plans: what they look like, and that PostgreSQL agrees.

use camino::Utf8Path;
use integration_tests::corpus;
use integration_tests::postgres::TestDatabase;
use integration_tests::proof::{dump, prove};
use schema_core::plan::PlanHints;
use sqlx::AssertSqlSafe;

/// Cases of other tools' test suites, as far as they are about what a catalog models.
#[tokio::test]
async fn differences_of_the_corpus_are_planned() {
    let only = std::env::var("DIFF_CASE").unwrap_or_default();
    let (mut good, mut failures) = (0, Vec::new());
    for peer in corpus::entries("diff").iter().filter(|it| it.is_dir()) {
        for case in corpus::entries(&format!("diff/{}", peer.file_name().unwrap_or_default())) {
            if !case.as_str().contains(&only) {
                continue;
            }
            match corpus_case(&case).await {
                Some(Ok(())) => good += 1,
                Some(Err(failure)) => failures.push(format!("== {case}: {failure}")),
                None => {}
            }
        }
    }
    println!("{good} of {} cases are planned", good + failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// `None` where a side does not load, or the difference is in what the catalogs do not model.
async fn corpus_case(case: &Utf8Path) -> Option<Result<(), String>> {
    let (from, to) = (TestDatabase::new().await, TestDatabase::new().await);
    for (database, file) in [(&from, "a.sql"), (&to, "b.sql")] {
        let sql = std::fs::read_to_string(case.join(file)).ok()?;
        let mut connection = database.connect().await;
        let run = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection);
        run.await.ok()?;
    }
    let (before, after) = (from.catalog().await, to.catalog().await);
    if before.unmodelled != after.unmodelled || !before.unmodelled.is_empty() {
        return None;
    }
    if before == after && dump(&from) != dump(&to) {
        return None;
    }
    let proof = prove(&from, &to, &PlanHints::default()).await;
    Some(proof.map(|_| ()))
}
