//! An old release at work while gated migrations are applied: no query fails, none waits long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use integration_tests::postgres::TestDatabase;
use integration_tests::project::TestProject;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

use crate::cli::{migrate, migrations};

/// What `generate` writes into files of transactions that lock a table in use.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// A release of the app: the names that it knows, and what it does with them.
#[derive(Clone, Debug)]
struct Release {
    teams: &'static str,
    mail: &'static str,
    score: &'static str,
    /// Whether it writes NULL ages.
    null_ages: bool,
}

const OLD: Release = Release {
    teams: "teams",
    mail: "mail",
    score: "score",
    null_ages: true,
};

/// What a run of a release saw.
#[derive(Debug, Default)]
struct Seen {
    queries: usize,
    failures: Vec<String>,
    longest: Duration,
}

impl Release {
    /// Reads, inserts, updates, upserts and deletes in every table until it is told to stop.
    async fn work(self, mut connection: PgConnection, number: i64, stop: Arc<AtomicBool>) -> Seen {
        let mut seen = Seen::default();
        let mut turn = 0;
        while !stop.load(Ordering::Relaxed) {
            turn += 1;
            let key = number * 1_000_000 + turn;
            if let Err(error) = self.turn(&mut connection, key, &mut seen).await {
                seen.failures.push(error);
            }
        }
        let _ = connection.close().await;
        seen
    }

    async fn turn(
        &self,
        connection: &mut PgConnection,
        key: i64,
        seen: &mut Seen,
    ) -> Result<(), String> {
        let Self {
            teams, mail, score, ..
        } = self;
        let age = if self.null_ages && key % 2 == 0 {
            "NULL"
        } else {
            "30"
        };
        let address = format!("{key}@example.org");
        let team = self
            .query(
                connection,
                seen,
                &format!("INSERT INTO {teams} (name) VALUES ($1) RETURNING id"),
                None,
                &address,
            )
            .await?
            .ok_or("no row")?;
        let user = self
            .query(
                connection,
                seen,
                &format!("INSERT INTO users ({mail}, age, {score}, team_id) VALUES ($2, {age}, 7, $1) RETURNING id"),
                Some(team),
                &address,
            )
            .await?
            .ok_or("no row")?;
        let steps = [
            (
                format!("SELECT id FROM users WHERE id = $1 AND {mail} = $2 AND {score} = 7"),
                user,
            ),
            (
                format!(
                    "UPDATE users SET {mail} = $2, {score} = {score} + 1 WHERE id = $1 RETURNING id"
                ),
                user,
            ),
            (
                format!(
                    "INSERT INTO users (id, {mail}, age, {score}) OVERRIDING USER VALUE SELECT $1, $2, {age}, 9 ON CONFLICT ({mail}) DO UPDATE SET {score} = EXCLUDED.{score} RETURNING id"
                ),
                user,
            ),
            (
                format!(
                    "SELECT id FROM users WHERE {mail} = $2 AND {score} = 9 AND id = $1 FOR UPDATE"
                ),
                user,
            ),
            (
                format!("SELECT id FROM {teams} WHERE id = $1 AND name = $2"),
                team,
            ),
            (
                format!("UPDATE {teams} SET name = $2 WHERE id = $1 RETURNING id"),
                team,
            ),
            (
                format!(
                    "INSERT INTO {teams} (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name RETURNING id"
                ),
                team,
            ),
            (
                format!("DELETE FROM users WHERE id = $1 AND {mail} = $2 RETURNING id"),
                user,
            ),
            (
                format!("DELETE FROM {teams} WHERE id = $1 AND name = $2 RETURNING id"),
                team,
            ),
        ];
        for (sql, id) in steps {
            let found = self
                .query(connection, seen, &sql, Some(id), &address)
                .await?;
            if found != Some(id) {
                return Err(format!("{sql}: gives {found:?} and not {id}"));
            }
        }
        Ok(())
    }

    /// One prepared statement, which the connection keeps.
    async fn query(
        &self,
        connection: &mut PgConnection,
        seen: &mut Seen,
        sql: &str,
        id: Option<i64>,
        text: &str,
    ) -> Result<Option<i64>, String> {
        let start = Instant::now();
        let mut query = sqlx::query(AssertSqlSafe(sql.to_owned()));
        if sql.contains("$1") && sql.contains("$2") {
            query = query.bind(id).bind(text.to_owned());
        } else {
            query = query.bind(text.to_owned());
        }
        let row = query.fetch_optional(&mut *connection).await;
        seen.queries += 1;
        seen.longest = seen.longest.max(start.elapsed());
        let row = row.map_err(|error| format!("{sql}: {error}"))?;
        Ok(row.map(|row| row.get(0)))
    }
}

/// Runs releases, two machines each, while `migrate` works on the database.
async fn during(
    database: &TestDatabase,
    releases: &[&Release],
    migrate: impl FnOnce() + Send + 'static,
) -> Seen {
    let stop = Arc::new(AtomicBool::new(false));
    let mut machines = Vec::new();
    for (place, release) in releases.iter().flat_map(|it| [*it; 2]).enumerate() {
        let mut connection = database.connect().await;
        sqlx::raw_sql("SET ROLE rolling_app")
            .execute(&mut connection)
            .await
            .unwrap();
        let number = i64::try_from(place).unwrap() + 1;
        let work = release.clone().work(connection, number, Arc::clone(&stop));
        machines.push(tokio::spawn(work));
    }
    tokio::time::sleep(Duration::from_millis(150)).await;
    tokio::task::spawn_blocking(migrate).await.unwrap();
    tokio::time::sleep(Duration::from_millis(150)).await;
    stop.store(true, Ordering::Relaxed);
    let mut all = Seen::default();
    for machine in machines {
        let seen = machine.await.unwrap();
        all.queries += seen.queries;
        all.longest = all.longest.max(seen.longest);
        all.failures.extend(seen.failures);
    }
    all
}

const BASE: &str = r#"//! An app.
use schema_core::prelude::*;

#[table(name = "teams")]
pub struct Team {
    #[column(primary_key, identity)]
    pub id: i64,
    pub name: String,
}

#[table(name = "users")]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(unique)]
    pub mail: String,
    pub age: Option<i32>,
    pub score: i32,
    pub team_id: Option<i64>,
}
"#;

/// One change of the structs: its name, what is replaced, and flags of `generate`.
type Change = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

const EXPANDS: [Change; 6] = [
    (
        "rename_table",
        &[(
            "name = \"teams\"",
            "name = \"groups\", renamed_from = \"teams\"",
        )],
        &["--drop-with", "#1"],
    ),
    (
        "rename_column",
        &[(
            "pub mail: String",
            "#[column(renamed_from = \"mail\")]\n    pub email: String",
        )],
        &["--drop-with", "#2"],
    ),
    (
        "change_type",
        &[(
            "pub score: i32",
            "#[column(renamed_from = \"score\")]\n    pub points: i64",
        )],
        &["--drop-with", "#3"],
    ),
    (
        "require_age",
        &[(
            "pub age: Option<i32>",
            "#[column(backfill = 18)]\n    pub age: i32",
        )],
        &["--drop-with", "#4"],
    ),
    (
        "index",
        &[(
            "#[table(name = \"users\")]",
            "#[table(name = \"users\")]\n#[index(age)]",
        )],
        &[],
    ),
    (
        "foreign_key",
        &[(
            "pub team_id",
            "#[column(references = Team::id, on_delete = set_null)]\n    pub team_id",
        )],
        &[],
    ),
];

const NEW: Release = Release {
    teams: "groups",
    mail: "email",
    score: "points",
    null_ages: false,
};

/// The app as it knows the database after so many of the changes.
fn release(changes: usize) -> Release {
    Release {
        teams: if changes > 0 { NEW.teams } else { OLD.teams },
        mail: if changes > 1 { NEW.mail } else { OLD.mail },
        score: if changes > 2 { NEW.score } else { OLD.score },
        null_ages: changes < 4,
    }
}

/// A database of the old release, with rows, and with grants that no migration made.
async fn production(project: &TestProject) -> TestDatabase {
    let database = TestDatabase::new().await;
    migrate(project, &["apply", "--url", &database.url()]).ok();
    database
        .run(
            "DO $$ BEGIN CREATE ROLE rolling_app; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
             GRANT SELECT, INSERT, UPDATE, DELETE ON teams, users TO rolling_app;
             INSERT INTO teams (name) SELECT 'team ' || i FROM generate_series(1, 500) i;
             INSERT INTO users (mail, age, score, team_id)
             SELECT i || '@old.example', nullif(i % 3, 0), i, i % 500 + 1 FROM generate_series(1, 20000) i;",
        )
        .await;
    database
}

fn check(what: &str, seen: &Seen) {
    assert!(
        seen.failures.is_empty(),
        "{what}: {} of {} queries failed, first {}",
        seen.failures.len(),
        seen.queries,
        seen.failures[0]
    );
    assert!(seen.queries > 20, "{what}: the app hardly worked: {seen:?}");
    assert!(
        seen.longest < LOCK_TIMEOUT,
        "{what}: a query waited {:?}",
        seen.longest
    );
}

#[tokio::test]
async fn gated_migrations_never_disturb_the_release_before() {
    let project = TestProject::package("rolling", "", &[("src/lib.rs", BASE)]);
    project.write("issues.txt", "1 open\n2 open\n3 open\n4 open\n");
    migrate(&project, &["generate", "create"]).ok();
    let database = production(&project).await;
    let project = Arc::new(project);
    let mut source = BASE.to_owned();
    let mut files = migrations(&project).len();
    let gated = |files: usize, label: bool| {
        let new = (migrations(&project).len() - files).to_string();
        let mut arguments = vec!["gate", "--latest", &new, "--issues", "file:issues.txt"];
        if label {
            arguments.extend(["--approved-by-label", "migration-approved"]);
        }
        migrate(&project, &arguments).ok();
        migrate(&project, &["lint", "--latest", &new]).ok();
        migrations(&project).len()
    };
    for (place, (name, replaced, flags)) in EXPANDS.iter().enumerate() {
        for (old, new) in *replaced {
            assert!(source.contains(old), "{name}: {old}");
            source = source.replace(old, new);
        }
        project.write("src/lib.rs", &source);
        let mut arguments = vec!["generate", name];
        arguments.extend(*flags);
        migrate(&project, &arguments).ok();
        // A foreign key refuses what the old release might write: somebody has to have looked.
        files = gated(files, *name == "foreign_key");
        let (there, url) = (Arc::clone(&project), database.url());
        let seen = during(&database, &[&release(place)], move || {
            migrate(&there, &["apply", "--url", &url]).ok();
        })
        .await;
        check(name, &seen);
        // During the deploy, both are at work.
        let seen = during(&database, &[&release(place), &release(place + 1)], || ()).await;
        check(name, &seen);
    }
    for issue in ["1", "2", "3", "4"] {
        let name = format!("contract_{issue}");
        migrate(&project, &["generate", &name, "--contract", issue]).ok();
        files = gated(files, true);
        let (there, url) = (Arc::clone(&project), database.url());
        let seen = during(&database, &[&NEW], move || {
            migrate(&there, &["apply", "--url", &url]).ok();
        })
        .await;
        check(&name, &seen);
    }
    migrate(&project, &["check"]).ok();
    let rest: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM users WHERE email LIKE '%@old.example' AND points = split_part(email, '@', 1)::bigint",
    )
    .fetch_one(&mut database.connect().await)
    .await
    .unwrap();
    assert_eq!(rest, 20_000, "nothing was lost");
}

#[tokio::test]
async fn the_same_changes_without_the_gate_break_the_release_before() {
    let project = TestProject::package("rolling-ungated", "", &[("src/lib.rs", BASE)]);
    migrate(&project, &["generate", "create"]).ok();
    let plain = [
        "ALTER TABLE teams RENAME TO groups",
        "ALTER TABLE users RENAME COLUMN mail TO email",
        "ALTER TABLE users ALTER COLUMN score TYPE text USING score::text",
        "UPDATE users SET age = 18 WHERE age IS NULL; ALTER TABLE users ALTER COLUMN age SET NOT NULL",
        "ALTER TABLE users DROP COLUMN team_id",
    ];
    for sql in plain {
        let database = production(&project).await;
        let options = database.options();
        let seen = during(&database, &[&OLD], move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let mut connection = PgConnection::connect_with(&options).await.unwrap();
                // What a statement finds while the old release writes may be in its way.
                for _attempt in 0..20 {
                    let sql = AssertSqlSafe(format!(
                        "BEGIN; LOCK TABLE users IN EXCLUSIVE MODE; {sql}; COMMIT"
                    ));
                    if sqlx::raw_sql(sql).execute(&mut connection).await.is_ok() {
                        break;
                    }
                    let _ = sqlx::raw_sql("ROLLBACK").execute(&mut connection).await;
                }
            });
        })
        .await;
        assert!(!seen.failures.is_empty(), "{sql}: nothing failed");
    }
}
