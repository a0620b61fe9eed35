//! `new --from-table`.

use integration_tests::postgres::TestDatabase;
use integration_tests::project::TestProject;
use schema_core::observe::rows::populate;

use super::{deploy, texts};
use crate::cli::{migrate, migrations};

/// A project whose one migration is this text.
fn project(name: &str, sql: &str) -> TestProject {
    let project = TestProject::package(name, "", &[("src/lib.rs", "//! Nothing.\n")]);
    project.write("first.sql", sql);
    migrate(&project, &["new", "first", "--from", "first.sql"]).ok();
    project
}

const TYPES: &str = r#"
CREATE TYPE mood AS ENUM ('sad', 'it''s fine');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN positive AS numeric(8, 2) CHECK (VALUE > 10);
CREATE SCHEMA "Odd.Schema";
CREATE TABLE "Odd.Schema"."Every type" (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    a smallint, b int, c bigint, d numeric, e numeric(3, 3), f real, g double precision,
    h money, i boolean, j text, k varchar(3), l char(5), m name, n "char", o bytea,
    p uuid, q date, r time, s timetz, u timestamp, v timestamptz, w interval, x json,
    y jsonb, z jsonpath, aa inet, ab cidr, ac macaddr, ad macaddr8, ae bit(5), af varbit,
    ag tsvector, ah tsquery, ai point, aj line, ak lseg, al box, am path, an polygon,
    ao circle, ap int4range, aq numrange, ar tsrange, at tstzrange, au daterange,
    av int8multirange, aw oid, ax pg_lsn, ay regclass, ba text[], bb int[][],
    bc mood, bd mood[], be pair, bf pair[], bg positive, bk varchar(10)[], bo interval day to second(2),
    "Twice" bigint GENERATED ALWAYS AS (c / 2) STORED
);
"#;

/// Values that are easily lost on the way.
const VALUES: &str = r#"
INSERT INTO "Odd.Schema"."Every type" (d, f, g, j, l, o, u, v, w, x, ba, bb, bf) VALUES
    ('NaN', '0.1', '1e-300', E'it''s; a "test" \\ $$ $1 -- no\n/* line\r\n*/ -- atlas:delimiter x\t' || chr(1) || 'é€😀', ' a ',
     '\x00ff5c27', '-infinity', '2024-02-29 23:59:59.123456+02', '-1 year 2 mons -3 days 04:05:06.7', '{"b": 1,  "a": [null]}',
     ARRAY['a,b', 'NULL', NULL, '', '"', '\'], '[0:1][2:3]={{1,2},{3,4}}', ARRAY[ROW(1, 'x"y')::pair, NULL]),
    ('-0.000', '-infinity', '0.30000000000000004', '', '', '', 'infinity', 'infinity', '178000000 years', '"x"', '{}', '{}', '{}'),
    (12345678901234567890.123456789, '16777216', 'NaN', NULL, NULL, NULL, '4713-01-01 BC', '294276-12-31 23:59:59.999999+00', '1 mon', 'null', NULL, NULL, NULL);
"#;

#[tokio::test]
async fn every_type_is_the_same_afterwards() {
    let project = project("copy-types", TYPES);
    let source = TestDatabase::with(TYPES).await;
    populate(&mut source.connect().await).await.unwrap();
    source.run(VALUES).await;
    let table = "\"Odd.Schema\".\"Every type\"";
    migrate(
        &project,
        &[
            "new",
            "config_types",
            "--from-table",
            table,
            "--url",
            &source.url(),
        ],
    )
    .ok();
    let text = migrations(&project).pop().unwrap().1;
    assert!(text.contains("OVERRIDING SYSTEM VALUE"), "{text}");
    assert!(
        !text.contains("\"Twice\"") && !text.contains('\r'),
        "{text}"
    );

    let target = TestDatabase::new().await;
    deploy(&project, &target, 0).await;
    let rows = format!("SELECT t::text FROM {table} AS t ORDER BY id");
    let (before, after) = (texts(&source, &rows).await, texts(&target, &rows).await);
    assert!(before.len() >= 4, "{before:?}");
    assert_eq!(before, after);
    // Over rows that were changed, it brings them back; the numbers go on behind them.
    let change = format!(
        "UPDATE {table} SET j = 'changed', ba = NULL; INSERT INTO {table} (j) VALUES ('new')"
    );
    target.run(&change).await;
    deploy(&project, &target, 1).await;
    let after = texts(&target, &rows).await;
    assert_eq!(before[..], after[..before.len()]);
    assert_eq!(after.len(), before.len() + 1);
}

const SHOP: &str = "
CREATE TABLE plans (code text PRIMARY KEY, monthly int);
CREATE TABLE tags (plan text REFERENCES plans, tag text, PRIMARY KEY (plan, tag));
CREATE TABLE keyless (a int);
";

#[tokio::test]
async fn tables_are_written_in_the_order_of_their_references_and_rows_by_key() {
    let project = project("copy-order", SHOP);
    let source = TestDatabase::with(&format!(
        "{SHOP} INSERT INTO plans VALUES ('b', 2), ('a', 1), ('B', NULL);
         INSERT INTO tags VALUES ('b', 'y'), ('b', 'x'), ('a', 'x')"
    ))
    .await;
    let url = source.url();
    let arguments = [
        "new",
        "config_plans",
        "--url",
        &url,
        "--from-table",
        "tags",
        "--from-table",
        "plans",
    ];
    let dry = migrate(&project, &[&arguments[..], &["--dry-run"]].concat()).ok();
    assert_eq!(migrations(&project).len(), 1);
    migrate(&project, &arguments).ok();
    let text = migrations(&project).pop().unwrap().1;
    assert_eq!(dry.out, text);
    assert_eq!(
        text,
        "-- Give up rather than have others queue behind a lock\n\
         SET LOCAL lock_timeout = '2s';\n\n\
         -- Insert 3 rows into plans\n\
         INSERT INTO plans (code, monthly)\nVALUES\n    ('B', NULL),\n    ('a', 1),\n    ('b', 2)\n\
         ON CONFLICT (code) DO UPDATE SET\n    monthly = excluded.monthly;\n\n\
         -- Insert 3 rows into tags\n\
         INSERT INTO tags (plan, tag)\nVALUES\n    ('a', 'x'),\n    ('b', 'x'),\n    ('b', 'y')\n\
         ON CONFLICT (plan, tag) DO NOTHING;\n"
    );
    migrate(
        &project,
        &[
            "new",
            "config_some",
            "--url",
            &url,
            "--from-table",
            "plans",
            "--where",
            "monthly > 1 -- more",
        ],
    )
    .ok();
    let text = migrations(&project).pop().unwrap().1;
    assert!(text.contains("VALUES\n    ('b', 2)\nON CONFLICT"), "{text}");
    migrate(&project, &["validate"]).ok();
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_a_way_out() {
    let project = project("copy-refused", SHOP);
    let source = TestDatabase::with(&format!(
        "{SHOP} INSERT INTO plans SELECT 'p' || i, i FROM generate_series(1, 1001) AS i;
         INSERT INTO tags VALUES ('p1', 'x'), ('p2', repeat('x', 1100)); INSERT INTO keyless VALUES (1);
         CREATE TABLE elsewhere (id int PRIMARY KEY); INSERT INTO elsewhere VALUES (1);
         CREATE VIEW chosen AS SELECT * FROM plans;
         CREATE TABLE big (id int PRIMARY KEY, t text);
         INSERT INTO big VALUES (1, repeat('x', 2000000))"
    ))
    .await;
    let url = source.url();
    for (arguments, code, parts) in [
        (
            &["--from-table", "plans"][..],
            2,
            &["1001 rows", "--where"][..],
        ),
        (&["--from-table", "big"], 2, &["bytes", "1048576"]),
        (
            &["--from-table", "keyless"],
            2,
            &["no primary key", "--from"],
        ),
        (&["--from-table", "nowhere"], 2, &["no table nowhere"]),
        (
            &["--from-table", "chosen"],
            2,
            &["no table chosen", "views"],
        ),
        (&["--from-table", "a.b.c"], 2, &["no name of a table"]),
        (
            &["--from-table", "plans", "--where", "monthly >"],
            2,
            &["cannot be read", "syntax error"],
        ),
        (
            &[
                "--from-table",
                "plans",
                "--where",
                "true); DELETE FROM tags; --",
            ],
            2,
            &["cannot be read"],
        ),
        (
            &["--from-table", "plans", "--where", "monthly < 0"],
            2,
            &["no row of table plans"],
        ),
        (
            &[
                "--from-table",
                "tags",
                "--from-table",
                "plans",
                "--where",
                "true",
            ],
            2,
            &["1 condition for 2 tables"],
        ),
        (
            &["--from-table", "tags", "--from-table", "tags"],
            2,
            &["named twice"],
        ),
        (
            &["--from-table", "elsewhere"],
            12,
            &["elsewhere", "does not exist", "migrations"],
        ),
        (
            &["--from-table", "tags"],
            12,
            &["tags_plan_fkey", "--from-table"],
        ),
    ] {
        let arguments = [&["new", "config_x", "--url", &url], arguments].concat();
        migrate(&project, &arguments).fails(code, parts);
    }
    assert_eq!(migrations(&project).len(), 1);
    assert_eq!(
        texts(&source, "SELECT count(*)::text FROM tags").await,
        ["2"]
    );
}
