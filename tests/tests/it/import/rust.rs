//! sqlx, refinery, Diesel, Drizzle: tools whose checksums are compared.

use super::{History, INDEX, NO_NOTES, NOTES, USERS, folder, import};

fn sqlx_table(rows: &[(&str, &str)]) -> String {
    let rows = rows.iter().map(|(version, text)| {
        format!(
            "INSERT INTO _sqlx_migrations VALUES ({version}, 'x', now(), true, sha384(convert_to($text${text}$text$, 'UTF8')), 1);\n"
        )
    });
    format!(
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
         installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, \
         execution_time BIGINT NOT NULL);\n{}",
        rows.collect::<String>()
    )
}

#[tokio::test]
async fn sqlx() {
    let index = format!("-- no-transaction\r\n{}\r\n", INDEX.trim());
    let aside = "-- migrate:up\nINSERT INTO users VALUES (1, 'one');\n";
    let table = sqlx_table(&[
        ("2", USERS),
        ("10", NOTES),
        ("20240101000000", &index),
        ("20240101000001", aside),
    ]);
    let history = History {
        tool: "sqlx",
        arguments: &[],
        files: &[
            ("2_users.sql", USERS),
            ("10_notes.sql", NOTES),
            ("20240101000000_index.up.sql", &index),
            (
                "20240101000000_index.down.sql",
                "DROP INDEX users_email_idx;\n",
            ),
            ("20240101000001_rows.sql", aside),
        ],
        names: &[
            "00000000000002_users.sql",
            "00000000000010_notes.sql",
            "20240101000000_index.sql",
            "20240101000001_rows.sql",
        ],
        by_hand: &[USERS, NOTES, INDEX, "INSERT INTO users VALUES (1, 'one')"],
        table: &table,
    };
    // A comment alone makes no file one of dbmate here.
    let history = History {
        arguments: &["--format", "sqlx"],
        ..history
    };
    let repository = history.holds().await;
    assert_eq!(
        repository.read("migrations/20240101000000_index.sql"),
        format!("-- atlas:txmode none\r\n\r\n{index}")
    );
    assert_eq!(
        repository.read("migrations/20240101000001_rows.sql"),
        aside.replace("-- ", "-- imported: ")
    );
}

#[tokio::test]
async fn a_text_that_was_edited_since_is_noticed() {
    let repository = folder(&[("1_users.sql", USERS), ("2_notes.sql", NOTES)]);
    import(&repository, &[]).ends(0, &["Imported 2 migrations of sqlx"]);
    let database =
        integration_tests::postgres::TestDatabase::with(&format!("{USERS}{NOTES}")).await;
    database
        .run(&sqlx_table(&[("1", USERS), ("2", NO_NOTES)]))
        .await;
    repository
        .migrate(&["baseline", "--from", "sqlx", "--url", &database.url()])
        .ends(12, &["00000000000002_notes.sql"]);
}

#[tokio::test]
async fn refinery() {
    // The checksums that refinery 0.10 has written for these names and texts.
    let [first, second] = ["2280335640318257314", "7188999702256929315"];
    let users = USERS;
    let notes =
        "CREATE TABLE notes (id bigint PRIMARY KEY);\nCREATE INDEX notes_id ON notes (id);\n";
    let table = format!(
        "CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name varchar(255), applied_on varchar(255), checksum varchar(255));\n\
         INSERT INTO refinery_schema_history VALUES (1, 'users', 'x', '{first}'), (2, 'more_notes', 'x', '{second}')"
    );
    let history = History {
        tool: "refinery",
        arguments: &["--format", "refinery"],
        files: &[("V1__users.sql", users), ("sub/V2__more_notes.sql", notes)],
        names: &["00000000000001_users.sql", "00000000000002_more_notes.sql"],
        by_hand: &[users, notes],
        table: &table,
    };
    history.holds().await;
    let index = format!("-- +refinery NO TRANSACTION\n{INDEX}");
    let repository = folder(&[("V1__users.sql", users), ("U2__index.sql", &index)]);
    import(&repository, &["--format", "refinery"]).ends(0, &["1 migration without a transaction"]);
}

#[tokio::test]
async fn diesel_compares_versions_as_text() {
    let repository = folder(&[
        (
            "00000000000000_diesel_initial_setup/up.sql",
            "-- Nothing.\n",
        ),
        (
            "00000000000000_diesel_initial_setup/down.sql",
            "SELECT 1;\n",
        ),
        ("2024-01-02-030405_users/up.sql", USERS),
        ("2024-01-02-030405_users/down.sql", "DROP TABLE users;\n"),
        ("2024-01-03-030405-0000_index/up.sql", INDEX),
        (
            "2024-01-03-030405-0000_index/metadata.toml",
            "run_in_transaction = false\n",
        ),
        ("20240104030405_notes/up.sql", NOTES),
        (".keep", ""),
    ]);
    import(&repository, &[]).ends(0, &["left out: 2 down parts"]);
    // As a number, the long one would be the last.
    assert_eq!(
        super::names(&repository),
        [
            "00000000000001_was-00000000000000_diesel_initial_setup.sql",
            "00000000000002_was-20240102030405_users.sql",
            "00000000000003_was-202401030304050000_index.sql",
            "00000000000004_was-20240104030405_notes.sql",
        ]
    );
}

#[tokio::test]
async fn diesel_with_dashes() {
    let history = History {
        tool: "diesel",
        arguments: &[],
        files: &[
            (
                "00000000000000_diesel_initial_setup/up.sql",
                "-- Nothing.\n",
            ),
            ("2024-01-02-030405_users/up.sql", USERS),
            ("2024-01-02-030405_users/down.sql", "DROP TABLE users;\n"),
            ("20240103030405_index/up.sql", INDEX),
            (
                "20240103030405_index/metadata.toml",
                "run_in_transaction = false\n",
            ),
        ],
        names: &[
            "00000000000000_diesel_initial_setup.sql",
            "20240102030405_users.sql",
            "20240103030405_index.sql",
        ],
        by_hand: &[USERS, INDEX],
        table: "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now());\n\
                INSERT INTO __diesel_schema_migrations VALUES ('00000000000000'), ('20240102030405'), ('20240103030405')",
    };
    history.holds().await;
}

#[tokio::test]
async fn drizzle_goes_by_its_journal() {
    let users =
        format!("{USERS}--> statement-breakpoint\nCREATE INDEX users_email_idx ON users (email);");
    let journal = r#"{"version": "7", "dialect": "postgresql", "entries": [
        {"idx": 0, "version": "7", "when": 1704067200000, "tag": "0000_wide_users", "breakpoints": true},
        {"idx": 1, "version": "7", "when": 1704067300000, "tag": "0001_notes", "breakpoints": true}]}"#;
    let digest =
        |text: &str| format!("encode(sha256(convert_to($text${text}$text$, 'UTF8')), 'hex')");
    let table = format!(
        "CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint);\n\
         INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ({}, 1704067200000), ({}, 1704067300000)",
        digest(&users),
        digest(NOTES)
    );
    let history = History {
        tool: "drizzle",
        arguments: &[],
        files: &[
            ("meta/_journal.json", journal),
            ("meta/0000_snapshot.json", "{}"),
            ("0000_wide_users.sql", &users),
            ("0001_notes.sql", NOTES),
            ("0002_never_generated.sql", "DROP TABLE users;\n"),
        ],
        names: &["00000000000000_wide_users.sql", "00000000000001_notes.sql"],
        by_hand: &[&users, NOTES],
        table: &table,
    };
    let repository = history.holds().await;
    assert_eq!(
        repository.read("migrations/00000000000000_wide_users.sql"),
        users
    );
    import(&repository, &["--into", "again", "--dry-run"])
        .ends(0, &["left out: 1 file that the journal does not name"]);
    let renamed = folder(&[
        (
            "meta/_journal.json",
            &journal
                .replace("0000_wide_users", "wide")
                .replace("0001_notes", "good_notes"),
        ),
        ("good_notes.sql", NOTES),
        ("wide.sql", &users),
    ]);
    import(&renamed, &[]).ends(0, &[]);
    assert_eq!(
        super::names(&renamed),
        [
            "00000000000001_was-wide.sql",
            "00000000000002_was-good-notes.sql"
        ]
    );
}
