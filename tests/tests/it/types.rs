//! Rust types of other crates as columns: from the struct to the table that PostgreSQL made.

use integration_tests::project::TestProject;

/// As strict as a crate can be: no `unsafe`, no warning, every item documented, clippy's pedantry.
const LIB: &str = r##"//! Every type that schema-core knows, by crate.
#![forbid(unsafe_code)]
#![deny(missing_docs, unreachable_pub, unused_qualifications, warnings, clippy::all, clippy::pedantic)]

use schema_core::prelude::*;

/// Types of the standard library.
#[table]
pub struct Std {
    /// Its key.
    #[column(primary_key, identity)]
    pub id: i64,
    /// A field.
    pub flag: bool,
    /// A field.
    pub small: i16,
    /// A field.
    pub whole: i32,
    /// A field.
    pub real: f32,
    /// A field.
    pub double: f64,
    /// A field.
    pub text: String,
    /// A field.
    pub boxed: Box<str>,
    /// A field.
    pub bytes: Vec<u8>,
    /// A field.
    pub digest: [u8; 32],
    /// A field.
    pub tags: Vec<String>,
    /// A field.
    pub grid: Vec<Vec<i32>>,
    /// A field.
    pub address: std::net::IpAddr,
    /// A field.
    pub took: std::time::Duration,
    /// A field.
    pub maybe: Option<i64>,
    /// A field.
    pub seats: Range<i32>,
    /// A field.
    pub document: Json<()>,
    /// A field.
    #[column(type = sql("int8range[]"))]
    pub raw: Vec<Range<i64>>,
}

/// Types of `chrono`.
#[table(name = "with_chrono")]
pub struct Chrono {
    /// Its key.
    #[column(primary_key, identity)]
    pub id: i64,
    /// A field.
    #[column(default = now())]
    pub utc: chrono::DateTime<chrono::Utc>,
    /// A field.
    pub offset: chrono::DateTime<chrono::FixedOffset>,
    /// A field.
    pub naive: chrono::NaiveDateTime,
    /// A field.
    #[column(default = current_date())]
    pub day: chrono::NaiveDate,
    /// A field.
    pub time: chrono::NaiveTime,
    /// A field.
    pub took: chrono::Duration,
    /// A field.
    pub during: Range<chrono::DateTime<chrono::Utc>>,
}

/// Types of `time`.
#[table(name = "with_time")]
pub struct Time {
    /// Its key.
    #[column(primary_key, identity)]
    pub id: i64,
    /// A field.
    pub utc: time::OffsetDateTime,
    /// A field.
    pub naive: time::PrimitiveDateTime,
    /// A field.
    pub day: time::Date,
    /// A field.
    pub time: time::Time,
    /// A field.
    pub took: time::Duration,
    /// A field.
    pub days: Option<Range<time::Date>>,
}

/// Types of `jiff`.
#[table(name = "with_jiff")]
pub struct Jiff {
    /// Its key.
    #[column(primary_key, identity)]
    pub id: i64,
    /// A field.
    #[column(type = timestamptz(3))]
    pub utc: jiff::Timestamp,
    /// A field.
    pub naive: jiff::civil::DateTime,
    /// A field.
    pub day: jiff::civil::Date,
    /// A field.
    pub time: jiff::civil::Time,
    /// A field.
    pub took: jiff::SignedDuration,
    /// A field.
    pub span: jiff::Span,
}

/// Types of the other crates.
#[table(name = "with_others")]
pub struct Others {
    /// Its key.
    #[column(primary_key, default = gen_random_uuid())]
    pub id: uuid::Uuid,
    /// A field.
    pub ids: Vec<uuid::Uuid>,
    /// A field.
    pub document: serde_json::Value,
    /// A field.
    #[column(type = json)]
    pub plain: Option<serde_json::Value>,
    /// A field.
    #[column(default = 0)]
    pub amount: rust_decimal::Decimal,
    /// A field.
    #[column(type = numeric(12, 2), default = 0.5)]
    pub price: rust_decimal::Decimal,
    /// A field.
    pub amounts: Range<rust_decimal::Decimal>,
    /// A field.
    pub network: ipnetwork::IpNetwork,
    /// A field.
    #[column(type = cidr)]
    pub block: ipnetwork::Ipv4Network,
}
"##;

/// The SQL types of LIB's fields, in their order.
const EXPECTED: &[&str] = &[
    "id bigint",
    "flag boolean NOT NULL",
    "small smallint NOT NULL",
    "whole integer NOT NULL",
    "\"real\" real NOT NULL",
    "double double precision NOT NULL",
    "text text NOT NULL",
    "boxed text NOT NULL",
    "bytes bytea NOT NULL",
    "digest bytea NOT NULL",
    "tags text[] NOT NULL",
    "grid integer[] NOT NULL",
    "address inet NOT NULL",
    "took interval NOT NULL",
    "maybe bigint",
    "seats int4range NOT NULL",
    "document jsonb NOT NULL",
    "raw int8range[] NOT NULL",
    "utc timestamptz DEFAULT now() NOT NULL",
    "\"offset\" timestamptz NOT NULL",
    "naive timestamp NOT NULL",
    "day date DEFAULT CURRENT_DATE NOT NULL",
    "\"time\" time NOT NULL",
    "during tstzrange NOT NULL",
    "utc timestamptz(3) NOT NULL",
    "span interval NOT NULL",
    "id uuid DEFAULT gen_random_uuid() NOT NULL",
    "ids uuid[] NOT NULL",
    "plain json",
    "amount numeric DEFAULT 0 NOT NULL",
    "price numeric(12,2) DEFAULT 0.5 NOT NULL",
    "amounts numrange NOT NULL",
    "network inet NOT NULL",
    "block cidr NOT NULL",
    "days daterange",
];

fn project(name: &str) -> TestProject {
    let schema_core =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("schema-core");
    let project = TestProject::new(name);
    project.write(
        "Cargo.toml",
        &format!(
            "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n\n\
             [dependencies.schema-core]\npath = {schema_core:?}\n\
             features = [\"uuid\", \"chrono\", \"time\", \"jiff\", \"serde_json\", \"rust_decimal\", \"ipnetwork\"]\n\n\
             [dependencies]\nserde_json = \"1\"\n\
             uuid = {{ version = \"1\", default-features = false }}\n\
             chrono = {{ version = \"0.4\", default-features = false }}\n\
             time = {{ version = \"0.3\", default-features = false }}\n\
             jiff = {{ version = \"0.2\", default-features = false, features = [\"std\"] }}\n\
             rust_decimal = {{ version = \"1\", default-features = false }}\n\
             ipnetwork = {{ version = \"0.21\", default-features = false }}\n"
        ),
    );
    project.write("src/lib.rs", LIB);
    project
}

#[test]
fn types_of_other_crates_become_the_columns_that_postgresql_proved() {
    let mut command = project("types-dry-run").migrate(&["generate", "types", "--dry-run"]);
    let output = command.output().expect("it starts");
    let sql = String::from_utf8(output.stdout).expect("UTF-8");
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(0), "{errors}");
    let mut lines = sql.lines().map(|line| line.trim().trim_end_matches(','));
    for expected in EXPECTED {
        // In order: `any` goes on where the last one was found.
        let found = lines.any(|line| {
            line.strip_prefix(expected)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(" GENERATED"))
        });
        assert!(found, "no `{expected}` after the ones before in:\n{sql}");
    }
}

#[test]
fn generated_code_passes_every_lint_in_the_edition_of_2021() {
    let project = project("types-lints");
    let mut command = project.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let output = command
        .args(["clippy", "--quiet"])
        .output()
        .expect("it starts");
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(output.status.success(), "{errors}");
}
