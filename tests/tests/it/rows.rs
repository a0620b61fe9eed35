//! Rows for the tables of a scratch database.

use std::collections::BTreeSet;
use std::time::Instant;

use integration_tests::corpus;
use integration_tests::postgres::TestDatabase;
use schema_core::apply::{Silent, replay};
use schema_core::directory::Directory;
use schema_core::gate::old::OldRelease;
use schema_core::observe::rows::{Population, populate};
use sqlx::{AssertSqlSafe, Row as _};

async fn filled(sql: &str) -> (TestDatabase, Population) {
    let database = TestDatabase::with(sql).await;
    let population = populate(&mut database.connect().await).await.unwrap();
    (database, population)
}

/// Every table of the schema gets at least one row, and reports so truly.
async fn check_filled(sql: &str) -> TestDatabase {
    let (database, population) = filled(sql).await;
    assert!(population.empty.is_empty(), "{:?}", population.empty);
    let mut connection = database.connect().await;
    for (table, rows) in &population.rows {
        let count = format!("SELECT count(*) FROM {}.{}", table.schema, table.name);
        let count = sqlx::raw_sql(AssertSqlSafe(count))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert!(
            *rows > 0 && count.get::<i64, _>(0) >= i64::try_from(*rows).unwrap(),
            "{table}: {rows}"
        );
    }
    database
}

async fn number(database: &TestDatabase, query: &str) -> i64 {
    let query = sqlx::raw_sql(AssertSqlSafe(query));
    query
        .fetch_one(&mut database.connect().await)
        .await
        .unwrap()
        .get(0)
}

#[tokio::test]
async fn every_built_in_type_has_values() {
    let database = check_filled(
        "CREATE TYPE mood AS ENUM ('sad', 'it''s fine');
         CREATE TYPE pair AS (a int, b text);
         CREATE TYPE span AS RANGE (subtype = time);
         CREATE DOMAIN positive AS numeric(8, 2) NOT NULL CHECK (VALUE > 10);
         CREATE DOMAIN code AS char(4) CHECK (VALUE ~ '^[A-Z]{2}[0-9]+$');
         CREATE TABLE t (
            a smallint, b int, c bigint, d numeric, e numeric(3, 3), f real, g double precision,
            h money, i boolean, j text, k varchar(3), l char(5), m name, n \"char\", o bytea,
            p uuid, q date, r time, s timetz, u timestamp, v timestamptz, w interval, x json,
            y jsonb, z jsonpath, aa inet, ab cidr, ac macaddr, ad macaddr8, ae bit(5), af varbit,
            ag tsvector, ah tsquery, ai point, aj line, ak lseg, al box, am path, an polygon,
            ao circle, ap int4range, aq numrange, ar tsrange, at tstzrange, au daterange,
            av int8multirange, aw oid, ax pg_lsn, ay regclass, az xid, ba text[], bb int[][],
            bc mood, bd mood[], be pair, bf pair[], bg positive, bh code, bi code[], bj span,
            bk varchar(10)[], bl xml, bm pg_snapshot, bn bit, bo interval day to second(2)
         );
         DO $$ DECLARE c text; BEGIN
            FOR c IN SELECT attname FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 LOOP
                EXECUTE format('CREATE TABLE %I (c %s NOT NULL)', 't_' || c,
                    (SELECT format_type(atttypid, atttypmod) FROM pg_attribute
                     WHERE attrelid = 't'::regclass AND attname = c));
            END LOOP;
         END $$",
    )
    .await;
    let nulls = "SELECT count(*) FROM t WHERE a IS NULL AND j IS NULL AND ba IS NULL";
    assert_eq!(number(&database, nulls).await, 1);
    assert_eq!(
        number(&database, "SELECT count(*) FROM t WHERE a < 0").await,
        1
    );
    assert_eq!(
        number(&database, "SELECT count(*) FROM t WHERE length(j) = 300").await,
        1
    );
}

#[tokio::test]
async fn checks_are_satisfied() {
    let database = check_filled(
        "CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE CHECK (email ~* '^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$'),
            country char(2) NOT NULL CHECK (country = upper(country) AND length(country) = 2),
            age int CHECK (age BETWEEN 18 AND 130),
            kind text NOT NULL CHECK (kind IN ('person', 'company')),
            company text,
            slug varchar(20) NOT NULL CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
            CHECK ((kind = 'company') = (company IS NOT NULL)));
         CREATE TABLE event (
            starts timestamptz NOT NULL, ends timestamptz NOT NULL, a int, b int, c int,
            tags text[] NOT NULL CHECK (cardinality(tags) <= 1),
            settings jsonb NOT NULL CHECK (jsonb_typeof(settings) = 'array'),
            price numeric(4, 2) NOT NULL CHECK (price > 99.5),
            sha text NOT NULL CHECK (length(sha) = 64),
            since date NOT NULL CHECK (since >= '2031-05-06' AND since < '2031-05-08'),
            CHECK (ends > starts), CHECK (num_nonnulls(a, b, c) = 1));
         CREATE TABLE booking (room int NOT NULL, at tsrange NOT NULL, EXCLUDE USING gist (at WITH &&))",
    )
    .await;
    let several = "SELECT least((SELECT count(*) FROM users), (SELECT count(*) FROM event), (SELECT count(*) FROM booking))";
    assert_eq!(number(&database, several).await, 3);
}

#[tokio::test]
async fn foreign_keys_lead_to_rows() {
    let database = check_filled(
        "CREATE TABLE z_tenant (id serial PRIMARY KEY);
         CREATE TABLE member (tenant int REFERENCES z_tenant, nr int, PRIMARY KEY (tenant, nr));
         CREATE TABLE message (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(), tenant int NOT NULL, nr int NOT NULL,
            answers uuid REFERENCES message, FOREIGN KEY (tenant, nr) REFERENCES member,
            CHECK (answers <> id));
         CREATE TABLE strict (id int PRIMARY KEY, parent int NOT NULL REFERENCES strict);
         CREATE TABLE a (id serial PRIMARY KEY, b int);
         CREATE TABLE b (id serial PRIMARY KEY, a int NOT NULL REFERENCES a);
         ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
         CREATE TABLE c (id int PRIMARY KEY, d int NOT NULL);
         CREATE TABLE d (id int PRIMARY KEY, c int NOT NULL REFERENCES c);
         ALTER TABLE c ADD FOREIGN KEY (d) REFERENCES d;
         CREATE TABLE profile (tenant int PRIMARY KEY REFERENCES z_tenant, about text)",
    )
    .await;
    assert_eq!(number(&database, "SELECT count(b) FROM a").await, 1);
    assert_eq!(
        number(&database, "SELECT count(*) FROM d JOIN c ON c.id = d.c").await,
        3
    );
    // One tenant is left for a profile that a release may add.
    assert_eq!(number(&database, "SELECT count(*) FROM profile").await, 2);
    database
        .run("INSERT INTO z_tenant DEFAULT VALUES; INSERT INTO a DEFAULT VALUES")
        .await;
}

#[tokio::test]
async fn every_partition_gets_rows() {
    let database = check_filled(
        "CREATE TABLE log (at timestamptz NOT NULL, nr int NOT NULL, PRIMARY KEY (at, nr)) PARTITION BY RANGE (at);
         CREATE TABLE log_2031 PARTITION OF log FOR VALUES FROM ('2031-01-01') TO ('2032-01-01');
         CREATE TABLE log_old PARTITION OF log FOR VALUES FROM (MINVALUE) TO ('2001-01-01') PARTITION BY LIST (nr);
         CREATE TABLE log_old_7 PARTITION OF log_old FOR VALUES IN (7, 8);
         CREATE TABLE log_rest PARTITION OF log DEFAULT;
         CREATE TABLE h (id int PRIMARY KEY, label text) PARTITION BY HASH (id);
         CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
         CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1);
         CREATE TABLE child (h int NOT NULL REFERENCES h)",
    )
    .await;
    assert!(number(&database, "SELECT count(*) FROM log_old_7").await > 0);
    assert_eq!(number(&database, "SELECT count(*) FROM child").await, 3);
}

#[tokio::test]
async fn triggers_that_refuse_are_gone_around() {
    check_filled(
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END';
         CREATE TABLE audit (id serial PRIMARY KEY, total int GENERATED ALWAYS AS (1 + 1) STORED, what text);
         CREATE TRIGGER no BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION no();
         ALTER TABLE audit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
         CREATE TABLE status (id int PRIMARY KEY, name text UNIQUE NOT NULL);
         INSERT INTO status VALUES (1, 'row1'), (2, 'row2'), (3, 'row3');
         CREATE TABLE item (status int NOT NULL REFERENCES status);
         CREATE TABLE \"Odd name\" (\"select\" int PRIMARY KEY, \"a\"\"b\" text CHECK (\"a\"\"b\" <> ''))",
    )
    .await;
}

#[tokio::test]
async fn a_table_that_takes_no_row_is_told_with_its_reason() {
    let (_, population) = filled(
        "CREATE TABLE never (a int NOT NULL CHECK (a <> a)); CREATE TABLE no_columns ();
         CREATE TABLE next (id int PRIMARY KEY)",
    )
    .await;
    let names: Vec<String> = population.rows.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["next", "no_columns"]);
    let [(table, reason)] = population.empty.iter().collect::<Vec<_>>()[..] else {
        panic!("{population:?}")
    };
    assert_eq!(table.to_string(), "never");
    assert!(reason.contains("violates check constraint"), "{reason}");
}

#[tokio::test]
async fn the_same_database_gets_the_same_rows() {
    let sql = "CREATE TABLE t (id bigserial PRIMARY KEY, a text, b numeric(5, 2), c date, d int[])";
    let digest = "SELECT hashtext(string_agg(t::text, ',' ORDER BY t::text))::bigint FROM t";
    let (one, other) = (check_filled(sql).await, check_filled(sql).await);
    assert_eq!(number(&one, digest).await, number(&other, digest).await);
}

/// Public schemas, of which nothing is known beforehand: most of their tables get rows, and
/// without a migration nothing is broken for a release.
#[tokio::test]
async fn tables_of_public_schemas_get_rows() {
    let mut databases = Vec::new();
    for folder in corpus::entries("atlas") {
        let database = TestDatabase::new().await;
        let directory = Directory::load(&folder).unwrap();
        let mut connection = database.connect().await;
        replay(&mut connection, &directory.files, &mut Silent)
            .await
            .unwrap();
        databases.push((folder, database));
    }
    for file in corpus::entries("schemas") {
        let database = TestDatabase::new().await;
        let sql = fs_err::read_to_string(&file).unwrap();
        let run = sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut database.connect().await)
            .await;
        match run {
            Ok(_) => databases.push((file, database)),
            Err(error) => println!("skipped: {file}: {error}"),
        }
    }
    let (mut filled, mut empty) = (0, 0);
    for (name, database) in databases {
        let start = Instant::now();
        let population = populate(&mut database.connect().await).await.unwrap();
        println!(
            "{name}: {} of {} in {:?}",
            population.rows.len(),
            population.rows.len() + population.empty.len(),
            start.elapsed()
        );
        for (table, reason) in &population.empty {
            println!("    {table}: {reason}");
        }
        filled += population.rows.len();
        empty += population.empty.len();
        let head = database.copy().await;
        let start = Instant::now();
        let mut release = OldRelease::open(&database.options(), &head.options(), None, Vec::new())
            .await
            .unwrap();
        let all =
            "SELECT oid::int8 FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') AND oid > 16383";
        let all = sqlx::raw_sql(all)
            .fetch_all(&mut database.connect().await)
            .await
            .unwrap();
        let all: BTreeSet<u32> = all
            .iter()
            .map(|row| u32::try_from(row.get::<i64, _>(0)).unwrap())
            .collect();
        let broken = release.break_at(&all, &BTreeSet::new()).await.unwrap();
        println!("    {} relations tried in {:?}", all.len(), start.elapsed());
        assert_eq!(broken, [], "{name}");
    }
    assert!(
        empty * 20 <= filled,
        "{empty} tables stay empty, {filled} get rows"
    );
}

#[tokio::test]
async fn a_tree_of_three_hundred_tables_is_filled() {
    let database = TestDatabase::with(
        "DO $$ BEGIN FOR i IN 1..300 LOOP EXECUTE format(
            'CREATE TABLE t%s (id bigserial PRIMARY KEY, parent bigint %s, name text NOT NULL UNIQUE,
             age int CHECK (age > 17), at timestamptz NOT NULL DEFAULT now(), note varchar(50))',
            i, CASE WHEN i > 1 THEN format('NOT NULL REFERENCES t%s', i / 2) END);
        END LOOP; END $$",
    )
    .await;
    let population = populate(&mut database.connect().await).await.unwrap();
    assert_eq!((population.rows.len(), population.empty.len()), (300, 0));
}
