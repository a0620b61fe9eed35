//! Tests: databases that Atlas migrated are continued, and what we write is read by Atlas's rules.
//!
//! Neither the writer nor the reader here uses anything of ours but the splitting of statements.

use integration_tests::corpus;
use integration_tests::postgres::TestDatabase;
use integration_tests::repository::TestRepository;
use schema_core::apply::{ApplyOptions, Silent, apply, replay};
use schema_core::directory::{Directory, Prefixes};
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::directory;
use super::history::ATLAS_TABLE;

const OWN: &str = "atlas_schema_revisions";
const ADDED: (&str, &str) = (
    "99990101000000_added_by_us.sql",
    "CREATE TABLE added_by_us (id bigint PRIMARY KEY);\nCREATE INDEX added_by_us_id ON added_by_us (id);\n",
);
const OPERATOR: &str = "Atlas CLI v0.30.0";

/// A directory of the corpus, with a file of ours behind it.
struct Case {
    name: String,
    directory: Directory,
    /// The entry hashes as `atlas.sum` has them, of the corpus' own files.
    sum: Vec<(String, String)>,
}

/// The directories of the corpus that are intact, and one of our own.
fn cases() -> Vec<Case> {
    let mut cases = vec![Case::new(&directory(&OURS))];
    for path in corpus::entries("atlas") {
        let directory = Directory::load(&path).unwrap();
        if directory.verify().is_empty() {
            cases.push(Case::new(&directory));
        } else {
            println!("skipped: {path} is not intact");
        }
    }
    cases
}

const OURS: [(&str, &str); 6] = [
    ("1_one.sql", "CREATE TABLE one (id int);\n"),
    ("2_two.sql", "CREATE TABLE two (id int);\n"),
    ("3_three.sql", "CREATE TABLE three (id int);\n"),
    (
        "4_indexes.sql",
        "-- atlas:txmode none\n\nCREATE INDEX CONCURRENTLY a ON one (id);\nCREATE INDEX CONCURRENTLY b ON two (id);\n\
         INSERT INTO three VALUES (3);\n",
    ),
    ("5_nothing.sql", "-- Nothing to do.\n"),
    (
        "6.sql",
        "ALTER TABLE one ADD COLUMN note text;\nUPDATE one SET note = 'x;y';\n",
    ),
];

/// A row as Atlas writes it.
#[derive(Clone, Default)]
struct AtlasRow {
    version: String,
    description: String,
    kind: i64,
    applied: usize,
    total: usize,
    error: Option<(String, String)>,
    hash: String,
    partial: Vec<String>,
}

async fn write(connection: &mut PgConnection, schema: &str, row: &AtlasRow) {
    let sql = format!(
        "INSERT INTO {schema}.atlas_schema_revisions VALUES \
         ($1, $2, $3, $4, $5, now(), 1000000, $6, $7, $8, $9::jsonb, '{OPERATOR}')"
    );
    let partial = row.partial.iter().map(|hash| format!("\"h1:{hash}\""));
    let partial = partial.collect::<Vec<_>>().join(",");
    let (error, statement) = row.error.clone().unzip();
    sqlx::query(AssertSqlSafe(sql))
        .bind(&row.version)
        .bind(&row.description)
        .bind(row.kind)
        .bind(i64::try_from(row.applied).unwrap())
        .bind(i64::try_from(row.total).unwrap())
        .bind(error)
        .bind(statement)
        .bind(&row.hash)
        .bind(if row.partial.is_empty() {
            "null".to_owned()
        } else {
            format!("[{partial}]")
        })
        .execute(connection)
        .await
        .unwrap();
}

/// Base64 of SHA-256, as the server computes it.
async fn digest(connection: &mut PgConnection, bytes: &[u8]) -> String {
    sqlx::query_scalar("SELECT replace(encode(sha256($1), 'base64'), E'\\n', '')")
        .bind(bytes)
        .fetch_one(connection)
        .await
        .unwrap()
}

impl Case {
    fn new(directory: &Directory) -> Self {
        let sum = directory.recorded_sum().unwrap().to_string();
        let sum = sum.lines().skip(1).map(|line| {
            let (name, hash) = line.split_once(" h1:").unwrap();
            (name.to_owned(), hash.to_owned())
        });
        let files = directory.files.iter();
        let texts = files.map(|file| (file.file_name.clone(), file.text.clone()));
        let added = (ADDED.0.to_owned(), ADDED.1.to_owned());
        let texts: Vec<_> = texts.chain([added]).collect();
        let (path, prefixes) = (&directory.path, Prefixes::default());
        let whole = Directory::from_texts(path, texts.clone(), None, &prefixes).computed_sum();
        Self {
            name: path.to_string(),
            directory: Directory::from_texts(path, texts, Some(&whole.to_string()), &prefixes),
            sum: sum.collect(),
        }
    }

    fn hash(&self, place: usize) -> &str {
        let (name, hash) = &self.sum[place];
        assert_eq!(*name, self.directory.files[place].file_name);
        hash
    }

    fn statements(&self, place: usize) -> Vec<&str> {
        let statements = self.directory.files[place].statements().unwrap();
        statements.iter().map(|statement| statement.text).collect()
    }

    fn row(&self, place: usize) -> AtlasRow {
        let (stem, _) = self.directory.files[place]
            .file_name
            .rsplit_once(".sql")
            .unwrap();
        let (version, description) = stem.split_once('_').unwrap_or((stem, ""));
        let total = self.statements(place).len();
        AtlasRow {
            version: version.to_owned(),
            description: description.to_owned(),
            kind: 2,
            applied: total,
            total,
            hash: self.hash(place).to_owned(),
            ..AtlasRow::default()
        }
    }

    /// The last file without a transaction that has more than one statement, else none.
    fn without_transaction(&self) -> Option<usize> {
        (0..self.sum.len()).rev().find(|place| {
            let text = &self.directory.files[*place].text;
            text.contains("atlas:txmode none") && self.statements(*place).len() > 1
        })
    }

    /// Goes on where Atlas stopped, twice, and hands the database back.
    async fn go_on(&self, database: &TestDatabase, schema: &str, expected: usize) {
        let options = ApplyOptions::default();
        let target = database.options();
        let report = apply(&target, &self.directory, &options, &mut Silent).await;
        let report = report.unwrap_or_else(|error| panic!("{}: {error}", self.name));
        assert_eq!(report.files.len(), expected, "{}", self.name);
        let again = apply(&target, &self.directory, &options, &mut Silent).await;
        assert_eq!(again.unwrap().files.len(), 0, "{}", self.name);
        let rows = self.read(database, schema).await;
        println!("{}: {expected} files run, {rows} rows read back", self.name);
    }

    /// Reads the table by the rules of Atlas: shape, rows, hashes, and what is pending.
    async fn read(&self, database: &TestDatabase, schema: &str) -> usize {
        assert_eq!(shape(database, schema).await, SHAPE, "{}", self.name);
        let connection = &mut database.connect().await;
        let sql = format!(
            "SELECT version, description, type, applied, total, executed_at BETWEEN now() - interval '1 hour' AND now() AS recent, \
             execution_time, error, error_stmt, hash, partial_hashes::text AS partial, operator_version \
             FROM {schema}.atlas_schema_revisions WHERE version <> '.atlas_cloud_identifier' ORDER BY version COLLATE \"C\""
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        let mut chain = Vec::new();
        for (place, file) in self.directory.files.iter().enumerate() {
            chain.extend_from_slice(file.file_name.as_bytes());
            chain.extend_from_slice(file.text.as_bytes());
            let version = file.file_name.trim_end_matches(".sql");
            let version = version.split('_').next().unwrap();
            let Some(row) = rows
                .iter()
                .find(|row| row.get::<&str, _>("version") == version)
            else {
                let before = rows[0].get::<&str, _>("version") > version;
                assert!(before, "{}: no row for {version}", self.name);
                continue;
            };
            let kind: i64 = row.get("type");
            let (applied, total): (i64, i64) = (row.get("applied"), row.get("total"));
            assert!([1, 2, 4, 6].contains(&kind), "{version}: {kind}");
            if kind == 2 {
                assert_eq!(
                    (applied, total),
                    (total, i64::try_from(self.statements(place).len()).unwrap())
                );
            }
            let hash: &str = row.get("hash");
            if kind == 1 {
                assert_eq!((hash, applied, total), ("", 0, 0));
            } else if place < self.sum.len() {
                assert_eq!(hash, self.hash(place), "{version}");
            } else {
                assert_eq!(hash, digest(connection, &chain).await, "{version}");
            }
            let partial: Option<&str> = row.get("partial");
            assert!(
                partial.is_none_or(|it| it == "null"),
                "{version}: {partial:?}"
            );
            let errors: (Option<&str>, Option<&str>) = (row.get("error"), row.get("error_stmt"));
            assert_eq!(errors, (None, None), "{version}");
            assert!(row.get::<bool, _>("recent") && row.get::<i64, _>("execution_time") >= 0);
            assert!(!row.get::<&str, _>("operator_version").is_empty());
        }
        // What Atlas would do: go on with a half-done last row, else with what comes after it.
        let last = rows.last().unwrap();
        let (kind, applied, total): (i64, i64, i64) =
            (last.get("type"), last.get("applied"), last.get("total"));
        assert!(
            kind & 4 != 0 || applied >= total,
            "{}: half done",
            self.name
        );
        let newest: &str = last.get("version");
        let pending = self.directory.files.iter().filter(|file| {
            let version = file.file_name.split(['_', '.']).next().unwrap();
            version > newest
        });
        assert_eq!(pending.count(), 0, "{}", self.name);
        rows.len()
    }
}

async fn shape(database: &TestDatabase, schema: &str) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT concat_ws(' ', column_name, data_type, is_nullable, column_default) FROM information_schema.columns \
         WHERE table_name = 'atlas_schema_revisions' AND table_schema = $1 ORDER BY ordinal_position",
    )
    .bind(schema)
    .fetch_all(&mut database.connect().await)
    .await
    .unwrap()
}

/// Columns in order: name, type, whether null, default.
const SHAPE: [&str; 12] = [
    "version character varying NO",
    "description character varying NO",
    "type bigint NO 2",
    "applied bigint NO 0",
    "total bigint NO 0",
    "executed_at timestamp with time zone NO",
    "execution_time bigint NO",
    "error text YES",
    "error_stmt text YES",
    "hash character varying NO",
    "partial_hashes jsonb YES",
    "operator_version character varying NO",
];

#[tokio::test]
async fn half_done_files_resolved_rows_and_the_cloud_are_continued() {
    for case in cases() {
        let database = TestDatabase::with(ATLAS_TABLE).await;
        let connection = &mut database.connect().await;
        let half = case.without_transaction();
        let stop = half.unwrap_or(case.sum.len() - 3);
        let files = &case.directory.files[..stop];
        replay(connection, files, &mut Silent).await.unwrap();
        for place in 0..stop {
            let mut row = case.row(place);
            if place == 1 {
                // `migrate set`, on a version without a row.
                (row.kind, row.applied, row.total) = (4, 0, 0);
            } else if place == 2 {
                // And on one that had failed half-way.
                (row.kind, row.applied) = (6, 0);
            }
            write(connection, OWN, &row).await;
        }
        let cloud = AtlasRow {
            version: ".atlas_cloud_identifier".to_owned(),
            description: "0b4b0e9c-5d2f-4f8e-8f5e-6d8f6f0d5a11".to_owned(),
            kind: 2,
            ..AtlasRow::default()
        };
        write(connection, OWN, &cloud).await;
        if let Some(half) = half {
            let statements = case.statements(half);
            let done = statements.len() / 2;
            let mut chain = Vec::new();
            let mut row = case.row(half);
            for statement in &statements[..done] {
                sqlx::raw_sql(AssertSqlSafe(*statement))
                    .execute(&mut *connection)
                    .await
                    .unwrap();
                chain.extend_from_slice(statement.as_bytes());
                row.partial.push(digest(connection, &chain).await);
            }
            row.applied = done;
            let message = "pq: canceling statement due to lock timeout".to_owned();
            row.error = Some((message, statements[done].to_owned()));
            write(connection, OWN, &row).await;
        }
        let before = untouched(&database, stop).await;
        case.go_on(&database, OWN, case.sum.len() + 1 - stop).await;
        assert_eq!(untouched(&database, stop).await, before, "{}", case.name);
    }
}

/// The first rows, in full: those of files that were finished, and the cloud's.
async fn untouched(database: &TestDatabase, count: usize) -> Vec<String> {
    let sql = format!(
        "SELECT r::text FROM {OWN}.atlas_schema_revisions r ORDER BY version COLLATE \"C\" LIMIT {}",
        count + 1
    );
    sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_all(&mut database.connect().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_baseline_and_a_table_in_the_search_path_are_continued() {
    for case in cases() {
        let scoped = ATLAS_TABLE
            .replace("CREATE SCHEMA atlas_schema_revisions;", "")
            .replace(
                "atlas_schema_revisions.atlas_schema_revisions",
                "public.atlas_schema_revisions",
            );
        let database = TestDatabase::with(&scoped).await;
        let connection = &mut database.connect().await;
        let (baseline, stop) = (case.sum.len() / 2, case.sum.len() - 2);
        let files = &case.directory.files[..stop];
        replay(connection, files, &mut Silent).await.unwrap();
        let row = AtlasRow {
            kind: 1,
            applied: 0,
            total: 0,
            hash: String::new(),
            ..case.row(baseline)
        };
        write(connection, "public", &row).await;
        for place in baseline + 1..stop {
            write(connection, "public", &case.row(place)).await;
        }
        case.go_on(&database, "public", 3).await;
        let elsewhere = super::text(
            &database,
            "SELECT to_regnamespace('atlas_schema_revisions')::text",
        );
        assert_eq!(elsewhere.await, "NULL", "there is one table");
    }
}

#[tokio::test]
async fn a_database_that_atlas_migrated_shows_no_drift() {
    let folder = TestRepository::with_migrations(&OURS);
    for case in cases() {
        let database = TestDatabase::with(ATLAS_TABLE).await;
        let connection = &mut database.connect().await;
        let stop = case.sum.len() - 1;
        let files = &case.directory.files[..stop];
        replay(connection, files, &mut Silent).await.unwrap();
        for place in 0..stop {
            write(connection, OWN, &case.row(place)).await;
        }
        // Ours is that of the repository.
        let path = case.directory.path.canonicalize_utf8();
        let path = path.unwrap_or_else(|_| folder.root().join("migrations"));
        let (path, url) = (path.as_str(), database.url());
        let arguments = ["--dir", path, "--url", &url];
        folder
            .migrate(&[&["drift"][..], &arguments].concat())
            .ends(0, &["No drift"]);
        folder
            .migrate(&[&["baseline", "--from", "atlas"][..], &arguments].concat())
            .ends(0, &["Atlas has migrated the database"]);
    }
}

#[tokio::test]
async fn what_we_leave_half_done_is_what_atlas_goes_on_with() {
    let mut files = OURS.to_vec();
    let fourth = OURS[3].1.replace("INTO three", "INTO three_is_wrong");
    files[3].1 = &fourth;
    let directory = directory(&files);
    let database = TestDatabase::new().await;
    let options = ApplyOptions::default();
    let result = apply(&database.options(), &directory, &options, &mut Silent).await;
    result.unwrap_err();
    let connection = &mut database.connect().await;
    let sql = "SELECT type, applied, total, error, error_stmt, hash, partial_hashes::text AS partial \
               FROM atlas_schema_revisions.atlas_schema_revisions ORDER BY version COLLATE \"C\" DESC LIMIT 1";
    let row = sqlx::query(sql).fetch_one(&mut *connection).await.unwrap();
    let statements = directory.files[3].statements().unwrap();
    let mut chain = Vec::new();
    let mut partial = Vec::new();
    for statement in &statements[..2] {
        chain.extend_from_slice(statement.text.as_bytes());
        partial.push(format!("\"h1:{}\"", digest(connection, &chain).await));
    }
    // The last row is not done, so its file comes first, from the statement that failed.
    assert_eq!(row.get::<i64, _>("type"), 2);
    assert_eq!(
        (row.get::<i64, _>("applied"), row.get::<i64, _>("total")),
        (2, 3)
    );
    assert_eq!(
        row.get::<&str, _>("partial"),
        format!("[{}]", partial.join(", "))
    );
    assert_eq!(row.get::<&str, _>("error_stmt"), statements[2].text);
    assert!(row.get::<&str, _>("error").contains("three_is_wrong"));
    let hash = directory.recorded_sum().unwrap().entries[3].hash.clone();
    assert_eq!(row.get::<&str, _>("hash"), hash.as_str());
}
