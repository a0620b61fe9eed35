//! One struct for schema, queries and rows: what its names and typed columns put into a table of a
//! real server comes back as the same struct.

use std::fmt::Debug;
use std::ops::Bound::{Excluded, Included, Unbounded};

use bumpalo::Bump;
use integration_tests::postgres::TestDatabase;
use integration_tests::proof::text;
use ipnetwork::{IpNetwork, Ipv4Network};
use rust_decimal::Decimal;
use schema_core::catalog::Catalog;
use schema_core::def::Record;
use schema_core::diff::diff;
use schema_core::lower::{Comments, lower};
use schema_core::metadata::extract;
use schema_core::plan::{PlanHints, plan};
use schema_core::prelude::*;
use schema_core::schema;
use schema_core::sea_query::{Named, columns, insert, names};
use sea_query::{Asterisk, Expr, ExprTrait, InsertStatement, Order, PostgresQueryBuilder, Query};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection as _, FromRow, PgConnection, Row as _};
use uuid::Uuid;

pg_schema!(odd, name = "o\"dd");

#[derive(Clone, Copy, Debug, PartialEq, PgEnum)]
#[pg(schema = odd, name = "Ki\"nd")]
enum Kind {
    Plain,
    #[pg(rename = "it's \"odd\"")]
    Odd,
}

#[derive(Clone, Copy, Debug, PartialEq, PgEnum)]
#[pg(name = "names_mood")]
enum Mood {
    Glad,
    NotSoGlad,
}

#[derive(Clone, Debug, PartialEq, PgDomain)]
#[pg(name = "names_slug", type = varchar(40), check = sql("value ~ '^[a-z0-9-]+$'"))]
struct Slug(String);

#[derive(Clone, Copy, Debug, PartialEq, PgNewtype)]
struct Id<T>(T);

#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Settings {
    dark: bool,
    tags: Vec<String>,
}

/// Every type of the standard library and of ours that sqlx loads.
#[derive(Clone, Debug, PartialEq)]
#[table(name = "names_own")]
struct Own {
    #[column(primary_key, identity)]
    id: Id<i64>,
    flag: bool,
    small: i16,
    #[column(name = "Whole \"number\"")]
    whole: i32,
    real: f32,
    double: f64,
    #[column(type = varchar(80))]
    text: String,
    boxed: Box<str>,
    bytes: Vec<u8>,
    digest: [u8; 4],
    tags: Vec<String>,
    mood: Mood,
    kind: Option<Kind>,
    moods: Vec<Mood>,
    kinds: Option<Vec<Kind>>,
    #[column(type = text)]
    spelled: Mood,
    slug: Slug,
    slugs: Vec<Slug>,
    maybe: Option<Slug>,
    settings: Json<Settings>,
    #[column(type = json)]
    plain: Option<Json<Vec<i32>>>,
    seats: Range<i32>,
    until: Option<Range<i64>>,
    #[column(generated = small + 1)]
    next: i16,
    address: Option<std::net::IpAddr>,
    #[column(skip)]
    seen: bool,
}

/// Types of other crates.
#[derive(Clone, Debug, PartialEq)]
#[table(schema = odd, name = "Oth\"ers")]
struct Others {
    #[column(primary_key)]
    id: Uuid,
    table: Vec<Uuid>,
    r#type: Option<serde_json::Value>,
    self_: Decimal,
    #[column(type = numeric(12, 2))]
    price: Option<Decimal>,
    amounts: Range<Decimal>,
    network: IpNetwork,
    utc: chrono::DateTime<chrono::Utc>,
    naive: chrono::NaiveDateTime,
    day: Option<chrono::NaiveDate>,
    time: chrono::NaiveTime,
    during: Range<chrono::DateTime<chrono::Utc>>,
    offset: time::OffsetDateTime,
    primitive: time::PrimitiveDateTime,
    date: time::Date,
    clock: Option<time::Time>,
    days: Option<Range<time::Date>>,
}

/// Types that sqlx does not load: values for queries they are all the same.
#[expect(dead_code, reason = "no row of it is made")]
#[table(name = "names_written")]
struct Written {
    #[column(primary_key)]
    id: i64,
    took: std::time::Duration,
    lasted: chrono::Duration,
    ran: time::Duration,
    at: jiff::Timestamp,
    civil: jiff::civil::DateTime,
    day: jiff::civil::Date,
    time: jiff::civil::Time,
    signed: jiff::SignedDuration,
    span: jiff::Span,
    grid: Vec<Vec<i32>>,
    #[column(type = uuid)]
    uuid: Option<String>,
    #[column(type = cidr)]
    block: Ipv4Network,
    host: std::net::Ipv6Addr,
}

/// A database with the tables of this module, made as `generate` makes them.
async fn database() -> TestDatabase {
    let arena = Bump::new();
    let program = std::env::current_exe().unwrap().try_into().unwrap();
    let mut records = extract::records(&[program], &arena).unwrap();
    records.retain(|record: &Record<'_>| record.source().module == module_path!());
    let catalog = lower(&schema::build(&records).unwrap(), Comments::Keep);
    let plan = plan(&diff(&Catalog::default(), &catalog), &PlanHints::default()).unwrap();
    TestDatabase::with(&text(&plan)).await
}

async fn run(connection: &mut PgConnection, statement: &InsertStatement) -> Vec<PgRow> {
    let sql = statement.to_string(PostgresQueryBuilder);
    let rows = sqlx::query(AssertSqlSafe(sql.clone()))
        .fetch_all(connection)
        .await;
    rows.unwrap_or_else(|error| panic!("{error}\n{sql}"))
}

/// All rows of a table, by the list of its columns and as `*`, in the order of a column.
async fn all<T: Named + Debug + PartialEq + Send + Unpin + for<'r> FromRow<'r, PgRow>>(
    connection: &mut PgConnection,
    table: schema_core::sea_query::Name,
    by: schema_core::sea_query::Name,
) -> Vec<T> {
    let mut query = Query::select();
    query.from(table).order_by(by, Order::Asc);
    let listed = query
        .clone()
        .columns(columns::<T>())
        .to_string(PostgresQueryBuilder);
    let listed = sqlx::query_as(AssertSqlSafe(listed));
    let listed = listed.fetch_all(&mut *connection).await.unwrap();
    let starred = query
        .column((table, Asterisk))
        .to_string(PostgresQueryBuilder);
    let starred: Vec<T> = sqlx::query_as(AssertSqlSafe(starred))
        .fetch_all(connection)
        .await
        .unwrap();
    assert_eq!(listed, starred);
    listed
}

fn own() -> Own {
    Own {
        id: Id(1),
        flag: true,
        small: -7,
        whole: i32::MIN,
        real: 1.5,
        double: -0.1,
        text: "it's \\ \"text\" ü ?".to_owned(),
        boxed: "$1".into(),
        bytes: vec![0, 255, 39],
        digest: [1, 2, 3, 4],
        tags: vec!["a,b".to_owned(), "{\"c\"}".to_owned(), String::new()],
        mood: Mood::NotSoGlad,
        kind: Some(Kind::Odd),
        moods: vec![Mood::Glad, Mood::NotSoGlad],
        kinds: Some(vec![Kind::Odd, Kind::Plain]),
        spelled: Mood::NotSoGlad,
        slug: Slug("a-1".to_owned()),
        slugs: vec![Slug("b".to_owned()), Slug("c-2".to_owned())],
        maybe: Some(Slug("d".to_owned())),
        settings: Json(Settings {
            dark: true,
            tags: vec!["it's".to_owned()],
        }),
        plain: Some(Json(vec![1, 2])),
        seats: Range {
            start: Included(1),
            end: Excluded(5),
        },
        until: Some(Range {
            start: Unbounded,
            end: Excluded(9),
        }),
        next: -6,
        address: Some([127, 0, 0, 1].into()),
        seen: false,
    }
}

/// As little as the table takes.
fn least() -> Own {
    Own {
        id: Id(2),
        tags: Vec::new(),
        kind: None,
        moods: Vec::new(),
        kinds: None,
        slugs: Vec::new(),
        maybe: None,
        plain: None,
        until: None,
        address: None,
        bytes: Vec::new(),
        text: String::new(),
        ..own()
    }
}

#[tokio::test]
async fn what_typed_columns_insert_is_loaded_as_the_same_struct() {
    let database = database().await;
    let mut connection = database.connect().await;
    let own_ = Own::COLUMNS;
    let first = (
        own_.id,
        own_.flag,
        own_.small,
        own_.whole,
        own_.real,
        own_.double,
        own_.text,
        own_.boxed,
        own_.bytes,
        own_.digest,
        own_.tags,
        own_.mood,
        own_.kind,
        own_.moods,
        own_.kinds,
        own_.spelled,
        own_.slug,
        own_.slugs,
        own_.maybe,
        own_.settings,
        own_.plain,
        own_.seats,
        own_.until,
        own_.address,
    );
    let rows = [own(), least()].map(|it| {
        (
            it.id,
            it.flag,
            it.small,
            it.whole,
            it.real,
            it.double,
            it.text,
            it.boxed,
            it.bytes,
            it.digest,
            it.tags,
            it.mood,
            it.kind,
            it.moods,
            it.kinds,
            it.spelled,
            it.slug,
            it.slugs,
            it.maybe,
            it.settings,
            it.plain,
            it.seats,
            it.until,
            it.address,
        )
    });
    let mut statement = insert(first).rows(rows).statement();
    let returned = run(&mut connection, statement.returning_col(Own::Next)).await;
    assert_eq!(returned[0].get::<i16, _>(0), -6);
    assert_eq!(
        all::<Own>(&mut connection, Own::Table, Own::Id).await,
        [own(), least()]
    );

    let found = Query::select()
        .columns(names((own_.id, own_.mood)))
        .from(Own::Table)
        .and_where(Expr::col((Own::Table, Own::Kind)).eq(own_.kind.val(Kind::Odd)))
        .and_where(Expr::col(Own::Mood).eq(own_.mood.val(Mood::NotSoGlad)))
        .and_where(Expr::col(Own::Spelled).eq(own_.spelled.val(Mood::NotSoGlad)))
        .and_where(Expr::col(Own::Slug).eq(own_.slug.val(Slug("a-1".to_owned()))))
        .and_where(Expr::col(Own::Tags).eq(own_.tags.val(own().tags)))
        .and_where(Expr::col(Own::Settings).eq(own_.settings.val(own().settings)))
        .and_where(Expr::col(Own::Seats).eq(own_.seats.val(own().seats)))
        .to_string(PostgresQueryBuilder);
    let found: Vec<(Id<i64>, Mood)> = sqlx::query_as(AssertSqlSafe(found))
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(found, [(Id(1), Mood::NotSoGlad)]);
}

#[tokio::test]
async fn what_sqlx_binds_is_loaded_as_the_same_struct() {
    let database = database().await;
    let mut connection = database.connect().await;
    for it in [own(), least()] {
        let names: Vec<&str> = columns::<Own>()
            .filter(|name| *name != Own::Next)
            .map(|name| sea_query::IdenStatic::as_str(&name))
            .collect();
        let listed: Vec<_> = names
            .iter()
            .map(|name| format!("\"{}\"", name.replace('"', "\"\"")))
            .collect();
        let places: Vec<_> = (1..=names.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "INSERT INTO names_own ({}) VALUES ({})",
            listed.join(", "),
            places.join(", ")
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(it.id)
            .bind(it.flag)
            .bind(it.small)
            .bind(it.whole)
            .bind(it.real)
            .bind(it.double)
            .bind(it.text)
            .bind(it.boxed)
            .bind(it.bytes)
            .bind(it.digest)
            .bind(it.tags)
            .bind(it.mood)
            .bind(it.kind)
            .bind(it.moods)
            .bind(it.kinds)
            .bind(it.spelled)
            .bind(it.slug)
            .bind(it.slugs)
            .bind(it.maybe)
            .bind(it.settings)
            .bind(it.plain)
            .bind(it.seats)
            .bind(it.until)
            .bind(it.address)
            .execute(&mut connection)
            .await
            .unwrap();
    }
    assert_eq!(
        all::<Own>(&mut connection, Own::Table, Own::Id).await,
        [own(), least()]
    );
    let any: Vec<Id<i64>> =
        sqlx::query_scalar("SELECT id FROM names_own WHERE mood = ANY($1) AND slug = ANY($2)")
            .bind(vec![Mood::NotSoGlad])
            .bind(vec![Slug("a-1".to_owned())])
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert_eq!(any, [Id(1), Id(2)]);
}

#[tokio::test]
async fn types_of_other_crates_come_back_out_of_another_schema() {
    let database = database().await;
    let mut connection = database.connect().await;
    let utc = chrono::DateTime::from_timestamp(1_700_000_000, 123_456_000).unwrap();
    let offset =
        time::OffsetDateTime::from_unix_timestamp_nanos(1_700_000_000_000_001_000).unwrap();
    let full = Others {
        id: Uuid::from_u128(1),
        table: vec![Uuid::from_u128(u128::MAX)],
        r#type: Some(serde_json::json!({"it's": [1, null, "\""]})),
        self_: Decimal::new(-12_345_678_901, 5),
        price: Some(Decimal::new(1999, 2)),
        amounts: Range {
            start: Included(Decimal::new(5, 1)),
            end: Unbounded,
        },
        network: "10.0.0.0/8".parse().unwrap(),
        utc,
        naive: utc.naive_utc(),
        day: Some(utc.date_naive()),
        time: utc.naive_utc().time(),
        during: Range {
            start: Excluded(utc),
            end: Included(utc + chrono::Duration::days(1)),
        },
        offset,
        primitive: time::PrimitiveDateTime::new(offset.date(), offset.time()),
        date: offset.date(),
        clock: Some(offset.time()),
        days: Some(Range {
            start: Included(offset.date()),
            end: Excluded(offset.date() + time::Duration::days(2)),
        }),
    };
    let least = Others {
        id: Uuid::from_u128(2),
        table: Vec::new(),
        r#type: None,
        price: None,
        day: None,
        clock: None,
        days: None,
        ..full.clone()
    };
    let it = Others::COLUMNS;
    let list = (
        it.id,
        it.table,
        it.r#type,
        it.self_,
        it.price,
        it.amounts,
        it.network,
        it.utc,
        it.naive,
        it.day,
        it.time,
        it.during,
        it.offset,
        it.primitive,
        it.date,
        it.clock,
        it.days,
    );
    let rows = [full.clone(), least.clone()].map(|it| {
        (
            it.id,
            it.table,
            it.r#type,
            it.self_,
            it.price,
            it.amounts,
            it.network,
            it.utc,
            it.naive,
            it.day,
            it.time,
            it.during,
            it.offset,
            it.primitive,
            it.date,
            it.clock,
            it.days,
        )
    });
    run(&mut connection, &insert(list).rows(rows).statement()).await;
    assert_eq!(
        all::<Others>(&mut connection, Others::Table, Others::Id).await,
        [full, least]
    );
}

#[tokio::test]
async fn values_that_sqlx_cannot_load_are_written_as_they_are() {
    let database = database().await;
    let mut connection = database.connect().await;
    let it = Written::COLUMNS;
    let statement = insert((
        it.id, it.took, it.lasted, it.ran, it.at, it.civil, it.day, it.time, it.signed, it.span,
        it.grid, it.uuid, it.block, it.host,
    ))
    .row((
        1,
        std::time::Duration::from_micros(90_000_001),
        chrono::Duration::milliseconds(-1_500),
        time::Duration::milliseconds(-1_500),
        "2026-01-02T03:04:05.000006Z"
            .parse::<jiff::Timestamp>()
            .unwrap(),
        jiff::civil::date(2026, 1, 2).at(3, 4, 5, 6_000),
        jiff::civil::date(2026, 1, 2),
        jiff::civil::time(3, 4, 5, 6_000),
        jiff::SignedDuration::from_micros(-1_500_000),
        -jiff::Span::new().months(14).days(3).milliseconds(1_001),
        vec![vec![1, 2], vec![3, 4]],
        "00000000-0000-0000-0000-000000000007",
        "10.1.0.0/16".parse::<Ipv4Network>().unwrap(),
        std::net::Ipv6Addr::LOCALHOST,
    ))
    .statement();
    run(&mut connection, &statement).await;
    let row = sqlx::query(
        "SELECT took::text, lasted::text, ran::text, (at AT TIME ZONE 'UTC')::text, civil::text, day::text, time::text, \
         signed::text, span::text, grid::text, uuid::text, block::text, host::text FROM names_written",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    let found: Vec<String> = (0..row.len()).map(|at| row.get(at)).collect();
    assert_eq!(
        found,
        [
            "00:01:30.000001",
            "-00:00:01.5",
            "-00:00:01.5",
            "2026-01-02 03:04:05.000006",
            "2026-01-02 03:04:05.000006",
            "2026-01-02",
            "03:04:05.000006",
            "-00:00:01.5",
            "-1 years -2 mons -3 days -00:00:01.001",
            "{{1,2},{3,4}}",
            "00000000-0000-0000-0000-000000000007",
            "10.1.0.0/16",
            "::1/128",
        ]
    );
}

#[tokio::test]
async fn a_label_that_the_program_does_not_know_is_named() {
    let database = database().await;
    let mut connection = database.connect().await;
    sqlx::query("ALTER TYPE names_mood ADD VALUE 'sad'")
        .execute(&mut connection)
        .await
        .unwrap();
    let error = sqlx::query_scalar::<_, Mood>("SELECT 'sad'::names_mood")
        .fetch_one(&mut connection)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`sad` is a label of `names_mood`"),
        "{error}"
    );
    let other = sqlx::query_scalar::<_, Kind>("SELECT 'glad'::names_mood")
        .fetch_one(&mut connection)
        .await
        .unwrap_err()
        .to_string();
    assert!(other.contains("mismatched types"), "{other}");
    connection.close().await.unwrap();
}

#[tokio::test]
async fn an_enum_is_found_by_its_schema_off_the_search_path() {
    let database = database().await;
    let mut connection = database.connect().await;
    for path in ["public", "\"o\"\"dd\", public"] {
        sqlx::query(AssertSqlSafe(format!("SET search_path TO {path}")))
            .execute(&mut connection)
            .await
            .unwrap();
        let (one, many): (Kind, Vec<Kind>) = sqlx::query_as("SELECT $1, $2")
            .bind(Kind::Odd)
            .bind(vec![Kind::Odd, Kind::Plain])
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!((one, &many[..]), (Kind::Odd, &[Kind::Odd, Kind::Plain][..]));
        connection = database.connect().await;
    }
}

#[test]
fn the_page_shows_what_the_example_does() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("");
    let page = fs_err::read_to_string(root.join("docs/queries.md")).unwrap();
    let source = ["tables", "books", "loans"].map(|file| {
        let path = root.join(format!("examples/library/src/{file}.rs"));
        fs_err::read_to_string(path).unwrap()
    });
    let source = source.concat();
    let snippets: Vec<&str> = page.split("```rust\n").skip(1).collect();
    assert!(snippets.len() > 4);
    for snippet in snippets {
        let snippet = snippet.split("```").next().unwrap();
        assert!(
            source.contains(snippet),
            "not in examples/library:\n{snippet}"
        );
    }
}
