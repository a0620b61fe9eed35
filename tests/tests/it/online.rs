//! Tests: what a plan does to a table in use, and what its users notice.

use std::time::Duration;

use integration_tests::postgres::{TestDatabase, major};
use integration_tests::proof::{go, text};
use integration_tests::walk::Walk;
use schema_core::ident::{Ident, QualifiedName};
use schema_core::plan::{Plan, PlanHints};
use sqlx::{AssertSqlSafe, PgConnection};

const ROWS: &str = "INSERT INTO t (id, a, b) SELECT n, n, 'b' || n FROM generate_series(1, 50) n";
/// What the previous release does.
const USE: &str = "INSERT INTO t (id, a, b) VALUES (1000, 1000, 'new'); \
    UPDATE t SET b = b || '!' WHERE id < 5; DELETE FROM t WHERE id = 7; SELECT id, a, b FROM t";

/// Goes from one definition of table `t` to another while it is in use.
async fn check_online(from: &str, to: &str) -> Plan {
    check_online_with(from, to, &PlanHints::default(), USE).await
}

async fn check_online_with(from: &str, to: &str, hints: &PlanHints, probe: &str) -> Plan {
    let walk = Walk::new(from, ROWS, to, hints).await;
    walk.go(probe).await;
    walk.plan
}

fn hint(column: &str, value: &str) -> PlanHints {
    let mut hints = PlanHints::default();
    let key = (
        QualifiedName::in_default_schema("t"),
        Ident::new(column.to_owned()),
    );
    hints.backfill.insert(key, value.to_owned());
    hints
}

async fn one(database: &TestDatabase, sql: &str) -> String {
    let mut connection = database.connect().await;
    let value: Option<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(&mut connection)
        .await
        .unwrap();
    value.unwrap_or_default()
}

async fn execute(connection: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    let run = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await;
    run.map(drop)
}

#[tokio::test]
async fn indexes_come_and_go_and_change() {
    let plan = check_online(
        "create table t (id int, a int, b text); create index gone on t (a); create unique index changed on t (a); create index \"Other\" on t (id);",
        "create table t (id int, a int, b text); create unique index come on t (lower(b)) where id > 0; create unique index changed on t (a) include (b) with (fillfactor = 70); create index \"Other\" on t using hash (id); comment on index changed is 'Why.';",
    )
    .await;
    assert_eq!(plan.stages.len(), 2, "{}", text(&plan));
}

#[tokio::test]
async fn there_is_always_an_index_while_it_is_replaced() {
    // No two rows may ever have the same, which needs a valid unique index at every moment.
    let probe = "INSERT INTO t VALUES (1, 1, '') ON CONFLICT (a) DO NOTHING";
    for (from, to) in [
        ("unique (a)", "unique (a) include (b)"),
        ("primary key (a)", "primary key (a) include (b)"),
        (
            "constraint k primary key (a)",
            "constraint k unique (a), constraint p primary key (id)",
        ),
    ] {
        let table =
            |key: &str| format!("create table t (id int not null, a int not null, b text, {key});");
        check_online_with(&table(from), &table(to), &PlanHints::default(), probe).await;
    }
    let index = |with: &str| {
        format!("create table t (id int, a int, b text); create unique index i on t (a) {with};")
    };
    let (from, to) = (index(""), index("include (b)"));
    check_online_with(&from, &to, &PlanHints::default(), probe).await;
}

#[tokio::test]
async fn an_index_outlives_the_column_that_it_loses() {
    let probe = "INSERT INTO t (id, a) VALUES (1, 1) ON CONFLICT (a) DO NOTHING";
    check_online_with(
        "create table t (id int, a int, b text); create unique index i on t (a) include (b);",
        "create table t (id int, a int, c text); create unique index i on t (a) include (c);",
        &PlanHints::default(),
        probe,
    )
    .await;
}

#[tokio::test]
async fn keys_are_made_of_indexes_with_all_that_they_say() {
    let mut to = "create table t (id int, a int, b text, \
         constraint p primary key (id) include (b) with (fillfactor = 60), \
         constraint u unique nulls not distinct (a), \
         constraint d unique (a, id) deferrable initially deferred, \
         constraint i unique (b) deferrable, \
         constraint v unique (b, a) include (id)); comment on constraint u on t is 'Once.';"
        .to_owned();
    if major().await < 15 {
        to = to.replace(" nulls not distinct", "");
    }
    let plan = check_online("create table t (id int, a int, b text);", &to).await;
    let sql = text(&plan);
    assert_eq!(sql.matches("USING INDEX").count(), 5, "{sql}");
}

#[tokio::test]
async fn checks_and_foreign_keys_are_validated_after_their_commit() {
    let plan = check_online(
        "create table p (id int primary key); insert into p select generate_series(0, 1000); create table t (id int, a int, b text, c int, constraint old check (a > 0) not valid, constraint changed check (id > 0));",
        "create table p (id int primary key); create table t (id int, a int references p on delete cascade, b text check (b <> ''), c int, constraint old check (a > 0), constraint changed check (id > -1), constraint later check (c > 0)); alter table t drop constraint later, add constraint later check (c > 0) not valid, add foreign key (c) references p not valid;",
    )
    .await;
    assert_eq!(plan.stages.len(), 2, "{}", text(&plan));
}

#[tokio::test]
async fn a_required_column_is_proved_before() {
    // The derived name is taken.
    let plan = check_online(
        "create table t (id int, a int, b text, constraint t_a_required check (a <> 0));",
        "create table t (id int not null, a int not null, b text, constraint t_a_required check (a <> 0));",
    )
    .await;
    let sql = text(&plan);
    assert!(sql.contains("DROP CONSTRAINT t_a_required2"), "{sql}");
}

#[tokio::test]
async fn rows_get_values_of_their_own_where_a_default_is_volatile() {
    let to = "create sequence s; create table t (id int, a int, b text, \
        c uuid not null default gen_random_uuid(), d timestamptz not null default now(), \
        e int default nextval('s'), f numeric(4,2) not null default 1.5);";
    let walk = Walk::new(
        "create table t (id int, a int, b text);",
        ROWS,
        to,
        &PlanHints::default(),
    )
    .await;
    walk.go(USE).await;
    let counts = "SELECT concat(count(*), ' ', count(DISTINCT c), ' ', count(DISTINCT d), ' ', count(DISTINCT e), ' ', count(DISTINCT f)) FROM t";
    assert_eq!(one(&walk.database, counts).await, "50 50 1 50 1");
}

#[tokio::test]
async fn a_column_is_filled_and_required_while_others_write() {
    check_online_with(
        "create table t (id int, a int, b text);",
        "create table t (id int, a int, b text, c text not null default 'new');",
        &hint("c", "b || '''s $$'"),
        USE,
    )
    .await;
    let walk = Walk::new(
        "create table t (id int, a int, b text, migrate text);",
        ROWS,
        "create table t (id int, a int, b text, migrate text not null);",
        &hint(
            "migrate",
            "(SELECT max(b) FROM t AS other WHERE other.id = t.id)",
        ),
    )
    .await;
    // The previous release may no longer leave it out in the end.
    walk.go("UPDATE t SET migrate = 'mine' WHERE id = 3; SELECT migrate FROM t")
        .await;
    let wrong = "SELECT count(*)::text FROM t WHERE migrate <> b";
    assert_eq!(one(&walk.database, wrong).await, "0");
}

#[tokio::test]
async fn a_fill_goes_on_where_it_was_cut_off() {
    let walk = Walk::new(
        "create table t (id int, a int, b text);",
        "INSERT INTO t (id, b) SELECT n, repeat('b', 500) FROM generate_series(1, 20000) n",
        "create table t (id int, a int not null, b text);",
        &hint("a", "id"),
    )
    .await;
    let statements = walk.plan.stages.iter().flat_map(|stage| &stage.statements);
    let fill = statements.map(|it| it.ddl.to_string());
    let fill = fill.into_iter().find(|sql| sql.starts_with("DO")).unwrap();
    let mut other = walk.database.connect().await;
    let lock = "BEGIN; SELECT FROM t WHERE id = 19999 FOR UPDATE";
    execute(&mut other, lock).await.unwrap();
    let mut connection = walk.database.connect().await;
    execute(&mut connection, "SET lock_timeout = '100ms'")
        .await
        .unwrap();
    let error = execute(&mut connection, &fill).await.unwrap_err();
    assert!(error.to_string().contains("lock timeout"), "{error}");
    let left = "SELECT count(*)::text FROM t WHERE a IS NULL";
    let left_over = one(&walk.database, left).await;
    assert_eq!(left_over, "1", "only the row that is held");
    execute(&mut other, "ROLLBACK").await.unwrap();
    // A value that is NULL is no reason to go on for ever.
    execute(&mut other, "UPDATE t SET id = NULL WHERE id = 19999")
        .await
        .unwrap();
    execute(&mut connection, &fill).await.unwrap();
    let wrong = "SELECT count(*)::text FROM t WHERE a IS DISTINCT FROM id";
    assert_eq!(one(&walk.database, wrong).await, "0");
}

#[tokio::test]
async fn a_domain_is_checked_after_its_commit() {
    let walk = Walk::new(
        "create domain d as text; create table t (id int, a int, b d);",
        ROWS,
        "create domain d as text check (value <> ''); create table t (id int, a int, b d);",
        &PlanHints::default(),
    )
    .await;
    walk.go(USE).await;
    let sql = text(&walk.plan);
    assert!(
        sql.contains("CHECK (VALUE <> ''::text) NOT VALID;"),
        "{sql}"
    );
}

#[tokio::test]
async fn a_new_table_is_made_without_ceremony() {
    let plan = check_online(
        "create table t (id int primary key, a int, b text);",
        "create table t (id int primary key, a int, b text); create table n (id int primary key, t_id int not null references t, c uuid not null default gen_random_uuid() unique check (c is not null)); create index i on n (t_id);",
    )
    .await;
    let sql = text(&plan);
    assert_eq!(plan.stages.len(), 1, "{sql}");
    for word in ["CONCURRENTLY", "NOT VALID", "USING INDEX", "DO $$"] {
        assert!(!sql.contains(word), "{sql}");
    }
    // It waits for the table that it references.
    assert!(sql.contains("SET LOCAL lock_timeout"), "{sql}");
}

#[tokio::test]
async fn others_write_while_an_index_waits_for_an_old_transaction() {
    let walk = Walk::new(
        "create table t (id int, a int, b text);",
        ROWS,
        "create table t (id int, a int, b text, constraint u unique (id));",
        &PlanHints::default(),
    )
    .await;
    let mut old = walk.database.connect().await;
    execute(&mut old, "BEGIN; UPDATE t SET a = 2 WHERE id = 1")
        .await
        .unwrap();
    let write = async {
        let mut writer = walk.database.connect().await;
        execute(&mut writer, "SET lock_timeout = '300ms'")
            .await
            .unwrap();
        let mut building = "SELECT count(*)::text FROM pg_index WHERE NOT indisvalid";
        while one(&walk.database, building).await == "0" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        building = "SELECT count(*)::text FROM pg_stat_progress_create_index WHERE datname = current_database()";
        for id in 2000..2010 {
            assert_eq!(one(&walk.database, building).await, "1");
            let insert = format!("INSERT INTO t (id) VALUES ({id}); SELECT FROM t");
            execute(&mut writer, &insert).await.unwrap();
        }
        execute(&mut old, "COMMIT").await.unwrap();
    };
    let (done, ()) = tokio::join!(go(&walk.database, &walk.plan.stages[0]), write);
    done.unwrap();
    let rows = "SELECT count(*)::text FROM t";
    assert_eq!(one(&walk.database, rows).await, "60");
}

#[tokio::test]
async fn a_migration_gives_up_rather_than_have_others_queue_behind_it() {
    let walk = Walk::new(
        "create table t (id int, a int, b text);",
        ROWS,
        "create table t (id int, a int, b text, c int);",
        &PlanHints::default(),
    )
    .await;
    let mut old = walk.database.connect().await;
    execute(&mut old, "BEGIN; SELECT FROM t").await.unwrap();
    let write = async {
        let waiting = "SELECT count(*)::text FROM pg_locks WHERE NOT granted";
        while one(&walk.database, waiting).await == "0" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        execute(&mut walk.database.connect().await, USE)
            .await
            .unwrap();
    };
    let (gave_up, ()) = tokio::join!(go(&walk.database, &walk.plan.stages[0]), write);
    assert!(gave_up.unwrap_err().contains("lock timeout"));
    execute(&mut old, "COMMIT").await.unwrap();
    walk.go(USE).await;
}
