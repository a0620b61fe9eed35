//! The proof of a plan: what it has to do on a real server.

use std::fmt::Write as _;
use std::process::Command;
use std::sync::Once;

use schema_core::catalog::Catalog;
use schema_core::diff::diff;
use schema_core::directory::TxMode;
use schema_core::introspect::settled;
use schema_core::plan::{Plan, PlanHints, Stage, plan, render};
use sqlx::AssertSqlSafe;

use crate::postgres::TestDatabase;

/// Plans the way between two databases, goes it in the first, and compares the two.
///
/// Gives the text of the migrations, or what is wrong with them.
pub async fn prove(
    from: &TestDatabase,
    to: &TestDatabase,
    hints: &PlanHints,
) -> Result<String, String> {
    let (before, wanted) = (from.catalog().await, to.catalog().await);
    let plan = planned(&before, &wanted, hints)?;
    let text = text(&plan);
    for (place, stage) in plan.stages.iter().enumerate() {
        if let Err(error) = go(from, stage).await {
            return Err(format!("{error}\nin stage {}\n\n{text}", place + 1));
        }
    }
    let after = from.catalog().await;
    let rest = planned(&after, &wanted, &PlanHints::default())?;
    if !rest.stages.is_empty() {
        let rest = self::text(&rest);
        return Err(format!("left over:\n{rest}\nafter:\n{text}"));
    }
    match settled_difference(from, to).await {
        Some(difference) => Err(format!("{difference}\nafter:\n{text}")),
        None => Ok(text),
    }
}

/// What differs between two databases, by their catalogs and by `pg_dump`.
pub async fn settled_difference(left: &TestDatabase, right: &TestDatabase) -> Option<String> {
    let (after, wanted) = (left.catalog().await, right.catalog().await);
    if let Some(difference) = difference(&in_column_order(&after), &in_column_order(&wanted)) {
        return Some(format!("other catalog: {difference}"));
    }
    let (left, right) = (dump(left), dump(right));
    if left == right {
        return None;
    }
    let mut lines = String::from("other dump:\n");
    for only in left.iter().filter(|it| !right.contains(it)) {
        writeln!(lines, "only after the plan: {only}").expect("a string takes everything");
    }
    for only in right.iter().filter(|it| !left.contains(it)) {
        writeln!(lines, "only wanted: {only}").expect("a string takes everything");
    }
    Some(lines)
}

/// Runs a stage as `apply` would: as one transaction, or statement by statement.
pub async fn go(database: &TestDatabase, stage: &Stage) -> Result<(), String> {
    let mut connection = database.connect().await;
    if stage.tx_mode == TxMode::None {
        for statement in &stage.statements {
            let sql = statement.ddl.to_string();
            let run = sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut connection);
            run.await.map_err(|error| format!("{error}: {sql}"))?;
        }
        return Ok(());
    }
    let sql = format!("BEGIN;\n{}COMMIT;", render(stage));
    let run = sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut connection);
    let Err(error) = run.await else {
        return Ok(());
    };
    Err(format!("{error}: {}", culprit(database, stage).await))
}

/// The statement of a failed stage that fails. The database is as it was before the stage.
async fn culprit(database: &TestDatabase, stage: &Stage) -> String {
    let mut connection = database.connect().await;
    let begin = sqlx::raw_sql("BEGIN").execute(&mut connection).await;
    begin.expect("a transaction begins");
    for (place, statement) in stage.statements.iter().enumerate() {
        let sql = statement.ddl.to_string();
        let result = sqlx::raw_sql(AssertSqlSafe(sql.as_str()))
            .execute(&mut connection)
            .await;
        if result.is_err() {
            return format!("statement {}: {sql}", place + 1);
        }
    }
    "no statement of its own, only the commit".to_owned()
}

fn planned(from: &Catalog, to: &Catalog, hints: &PlanHints) -> Result<Plan, String> {
    plan(&diff(from, to), hints).map_err(|error| error.to_string())
}

/// The text of all stages, with a line between two.
pub fn text(plan: &Plan) -> String {
    let stages: Vec<String> = plan.stages.iter().map(render).collect();
    stages.join("\n-- ==== commit ====\n\n")
}

/// The catalog with the columns of each table sorted, as their order is no difference.
fn in_column_order(catalog: &Catalog) -> Catalog {
    let mut catalog = catalog.clone();
    for table in catalog.tables.values_mut() {
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
    }
    catalog
}

/// The first object that differs, as JSON.
fn difference(left: &Catalog, right: &Catalog) -> Option<String> {
    if left == right {
        return None;
    }
    let [left, right] = [left, right]
        .map(|catalog| serde_json::to_string_pretty(catalog).expect("a catalog serialises"));
    let lines = left.lines().zip(right.lines());
    let mut unlike = lines.filter(|(left, right)| left != right);
    let (left, right) = unlike.next().unwrap_or(("", "one is longer"));
    Some(format!("{left} instead of {right}"))
}

/// The statements of `pg_dump --schema-only`, sorted, as are the columns of each table. None, and a
/// line that says so, where the server is too new for it.
pub fn dump(database: &TestDatabase) -> Vec<String> {
    let url = database.url();
    // The parameters are sqlx's own.
    let (url, _) = url.split_once('?').unwrap_or((&url, ""));
    let output = Command::new("pg_dump")
        .args(["--schema-only", "--dbname", url])
        .output()
        .expect("pg_dump is on the path");
    let errors = String::from_utf8_lossy(&output.stderr);
    if errors.contains("server version mismatch") {
        static TOLD: Once = Once::new();
        TOLD.call_once(|| {
            eprintln!("pg_dump is older than the server: only catalogs are compared");
        });
        return Vec::new();
    }
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8(output.stdout).expect("a dump is UTF-8");
    let lines = text.lines();
    let kept = lines.filter(|line| !line.starts_with("--") && !line.starts_with('\\'));
    let mut statements: Vec<String> = kept
        .collect::<Vec<_>>()
        .join("\n")
        .split(";\n")
        .map(|statement| sorted_columns(&settled(statement.trim())))
        .filter(|statement| !statement.is_empty() && !statement.starts_with("SET "))
        .collect();
    statements.sort();
    statements
}

fn sorted_columns(statement: &str) -> String {
    let is_table =
        statement.starts_with("CREATE TABLE") || statement.starts_with("CREATE UNLOGGED");
    let Some((head, rest)) = statement.split_once("(\n").filter(|_| is_table) else {
        return statement.to_owned();
    };
    let (inside, tail) = rest.rsplit_once("\n)").unwrap_or((rest, ""));
    let mut lines: Vec<&str> = inside
        .lines()
        .map(|line| line.trim_end_matches(','))
        .collect();
    lines.sort_unstable();
    format!("{head}(\n{}\n){tail}", lines.join("\n"))
}
