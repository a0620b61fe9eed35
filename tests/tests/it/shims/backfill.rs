//! Rows that are filled while the application writes, and after a run that was cut off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::{AssertSqlSafe, PgConnection};
use tokio::task::JoinSet;

use super::{Deployment, rows, works};

const USERS: &str = r#"
#[table(name = "users")]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(unique)]
    pub mail: String,
    pub pad: Option<String>,
}
"#;

/// Nine megabytes: more than one batch.
const ROWS: &str = "INSERT INTO users (mail, pad) SELECT 'm' || i, repeat('x', 400) FROM generate_series(1, 20000) i";

fn renamed() -> String {
    USERS.replace("pub mail", "#[column(renamed_from = \"mail\")]\n pub email")
}

async fn are_alike(app: &mut PgConnection) {
    let differing = "SELECT count(*)::text FROM users WHERE mail IS DISTINCT FROM email";
    assert_eq!(works(rows(app, differing).await), ["0"]);
}

#[tokio::test]
async fn the_previous_release_writes_while_rows_are_filled() {
    let deployment = Deployment::of("shims-backfill", USERS).await;
    let mut app = deployment.connect().await;
    works(rows(&mut app, ROWS).await);
    deployment.change(&renamed(), &["--drop-with", "#1"]).ok();
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = JoinSet::new();
    for writer in 0..3 {
        let mut connection = deployment.connect().await;
        let stop = Arc::clone(&stop);
        writers.spawn(async move {
            let mut written = 0;
            while !stop.load(Ordering::Relaxed) {
                // Rows of its own, two in a transaction, and the last one first: against the order
                // in which they are filled.
                let id = (written * 1009) % 6000 * 3 + writer + 151;
                let near = id - 150;
                let statements = [
                    "BEGIN".to_owned(),
                    format!("UPDATE users SET mail = 'w{id}-{written}' WHERE id = {id}"),
                    format!("INSERT INTO users (mail) VALUES ('i{writer}-{written}')"),
                    format!("UPDATE users SET mail = 'w{near}-{written}' WHERE id = {near}"),
                    "COMMIT".to_owned(),
                ];
                for sql in statements {
                    let done = sqlx::raw_sql(AssertSqlSafe(sql))
                        .execute(&mut connection)
                        .await;
                    done.expect("the previous release works");
                }
                written += 1;
            }
            written
        });
    }
    let url = deployment.database.url();
    let mut running = deployment.project.migrate(&["apply", "--url", &url]);
    let mut running = running.spawn().expect("it starts");
    let ended = loop {
        match running.try_wait().expect("it runs") {
            Some(ended) => break ended,
            None => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    };
    assert!(ended.success());
    stop.store(true, Ordering::Relaxed);
    while let Some(written) = writers.join_next().await {
        assert!(written.expect("no writer fails") > 0);
    }
    are_alike(&mut app).await;
}

#[tokio::test]
async fn a_run_that_is_cut_off_goes_on_where_it_was() {
    let deployment = Deployment::of("shims-resume", USERS).await;
    let mut app = deployment.connect().await;
    works(rows(&mut app, ROWS).await);
    deployment.change(&renamed(), &["--drop-with", "#1"]).ok();
    assert!(deployment.next().is_some());
    // A row near the end of the table is held, so that the filling waits there.
    let mut holder = deployment.connect().await;
    works(rows(&mut holder, "BEGIN").await);
    works(
        rows(
            &mut holder,
            "SELECT mail FROM users WHERE id = 19990 FOR UPDATE",
        )
        .await,
    );
    let url = deployment.database.url();
    let mut running = deployment.project.migrate(&["apply", "--url", &url]);
    let mut running = running.spawn().expect("it starts");
    let waiting = "SELECT pid::text FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'DO %' AND datname = current_database()";
    let mut filled = 0;
    for _ in 0..300 {
        let pids = works(rows(&mut app, waiting).await);
        if let [pid] = pids.as_slice() {
            let count = works(rows(&mut app, "SELECT count(email)::text FROM users").await);
            filled = count[0].parse().expect("a number");
            works(
                rows(
                    &mut app,
                    &format!("SELECT pg_terminate_backend({pid})::text"),
                )
                .await,
            );
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!running.wait().expect("it ends").success());
    assert!(filled > 10_000, "what was filled before stays: {filled}");
    assert!(filled < 20_000);
    works(rows(&mut holder, "ROLLBACK").await);
    works(rows(&mut app, "INSERT INTO users (mail) VALUES ('meanwhile')").await);
    works(
        rows(
            &mut app,
            "UPDATE users SET mail = 'changed' WHERE id = 19991",
        )
        .await,
    );
    deployment.apply().ok();
    are_alike(&mut app).await;
    deployment.is_clean();
}

#[tokio::test]
async fn a_value_for_old_rows_is_not_for_those_of_a_renamed_column() {
    let deployment = Deployment::of("shims-rename-value", USERS).await;
    let mut app = deployment.connect().await;
    works(rows(&mut app, "INSERT INTO users (mail) VALUES ('a')").await);
    let renamed = USERS.replace(
        "pub mail",
        "#[column(renamed_from = \"mail\", backfill = \"none\")]\n pub email",
    );
    deployment.change(&renamed, &["--drop-with", "#1"]).ok();
    deployment.apply().ok();
    works(rows(&mut app, "INSERT INTO users (mail) VALUES ('b')").await);
    let emails = works(rows(&mut app, "SELECT email FROM users ORDER BY id").await);
    assert_eq!(emails, ["a", "b"]);
    deployment.is_clean();
}
