//! Going a plan commit by commit, with an eye on what others notice of it.

use schema_core::apply::Silent;
use schema_core::ddl::{Ddl, LockLevel, TableDdl};
use schema_core::diagnostic::Severity;
use schema_core::diff::diff;
use schema_core::directory::{Directory, Prefixes, TxMode};
use schema_core::plan::{Plan, PlanHints, Statement, plan, render};
use schema_core::review::{ReviewOptions, review};
use schema_core::rule::Topic;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::postgres::{self, TestDatabase};
use crate::proof::{settled_difference, text};

/// Reads of tables and the files that these are in, as far as this transaction knows.
const SEEN: &str = "SELECT coalesce(sum(seq_tup_read), 0)::bigint, \
    coalesce(string_agg(concat(c.oid, ':', relfilenode), ',' ORDER BY c.oid), '') \
    FROM pg_class c LEFT JOIN pg_stat_xact_user_tables s ON s.relid = c.oid \
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace";

/// A way from one state to another, on a database with rows.
pub struct Walk {
    /// The database.
    pub database: TestDatabase,
    /// What it is to be.
    pub goal: TestDatabase,
    /// The way.
    pub plan: Plan,
    from: String,
}

impl Walk {
    /// Plans the way. `rows` are statements that fill the database first.
    pub async fn new(from: &str, rows: &str, to: &str, hints: &PlanHints) -> Self {
        let (database, goal) = (TestDatabase::with(from).await, TestDatabase::with(to).await);
        database.run(rows).await;
        let (before, after) = (database.catalog().await, goal.catalog().await);
        let plan = plan(&diff(&before, &after), hints).expect("there is an order");
        Self {
            database,
            goal,
            plan,
            from: from.to_owned(),
        }
    }

    /// What our own linter has against the files of the plan, beside what rows may be against.
    pub async fn findings(&self) -> Vec<String> {
        let directory =
            |files| Directory::from_texts("migrations".into(), files, None, &Prefixes::default());
        let base = directory(vec![("1_base.sql".to_owned(), self.from.clone())]);
        let stages = self.plan.stages.iter().enumerate();
        let files = stages.map(|(place, stage)| (format!("2{place}_online.sql"), render(stage)));
        let options = ReviewOptions {
            topics: [Topic::Blocking, Topic::Running].into(),
            ..ReviewOptions::default()
        };
        let dev = postgres::server().await;
        let new = directory(files.collect()).files;
        let review = review(dev, &base, &new, &options, &mut Silent).await;
        let review = review.unwrap_or_else(|error| panic!("{error}"));
        let findings = review.findings.iter().map(|it| &it.finding);
        let errors = findings.filter(|it| it.severity == Severity::Error);
        errors
            .map(|it| format!("{}: {}", it.code, it.title))
            .collect()
    }

    /// Goes it. At every commit the `probe` has to work, which is taken back each time; no statement
    /// may read or write a table's rows under a lock against writing; and the end is the goal.
    pub async fn go(&self, probe: &str) {
        assert_eq!(self.findings().await, [""; 0], "{}", text(&self.plan));
        self.probe(probe, "before").await;
        for stage in &self.plan.stages {
            let mut connection = self.database.connect().await;
            if stage.tx_mode == TxMode::File {
                execute(&mut connection, "BEGIN").await;
                for statement in &stage.statements {
                    watched(&mut connection, statement).await;
                }
                execute(&mut connection, "COMMIT").await;
                self.probe(probe, "COMMIT").await;
                continue;
            }
            for statement in &stage.statements {
                let sql = statement.ddl.to_string();
                if is_light(statement) {
                    execute(&mut connection, &sql).await;
                } else {
                    execute(&mut connection, "BEGIN").await;
                    watched(&mut connection, statement).await;
                    execute(&mut connection, "COMMIT").await;
                }
                self.probe(probe, &sql).await;
            }
        }
        if let Some(difference) = settled_difference(&self.database, &self.goal).await {
            panic!("{difference}\nafter:\n{}", text(&self.plan));
        }
    }

    async fn probe(&self, probe: &str, after: &str) {
        let sql = format!("BEGIN; {probe}; ROLLBACK");
        let run = sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut self.database.connect().await)
            .await;
        if let Err(error) = run {
            panic!("{error}\nafter {after}\nof\n{}", text(&self.plan));
        }
    }
}

/// What does not stop others from writing, or stands for itself.
fn is_light(statement: &Statement) -> bool {
    let alone = match &statement.ddl {
        Ddl::LockTimeout(_) | Ddl::Table(TableDdl::Backfill { .. }) => true,
        Ddl::Index(index) => index.to_string().contains("CONCURRENTLY"),
        _ => false,
    };
    alone || statement.lock < LockLevel::Share
}

async fn watched(connection: &mut PgConnection, statement: &Statement) {
    let before: (i64, String) = seen(connection).await;
    execute(connection, &statement.ddl.to_string()).await;
    let after = seen(connection).await;
    // Before PostgreSQL 18 the tables of a domain are locked while their values are read.
    let excused = matches!(&statement.ddl, Ddl::Domain(_));
    if statement.lock >= LockLevel::Share && !excused {
        assert_eq!(before.0, after.0, "{} reads rows", statement.ddl);
        let kept = before.1.split(',').all(|file| after.1.contains(file));
        assert!(kept, "{} writes rows", statement.ddl);
    }
}

async fn seen(connection: &mut PgConnection) -> (i64, String) {
    let row = sqlx::query_as(SEEN).persistent(false).fetch_one(connection);
    row.await.expect("the statistics are readable")
}

async fn execute(connection: &mut PgConnection, sql: &str) {
    let run = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await;
    run.unwrap_or_else(|error| panic!("{error}: {sql}"));
}
