//! golang-migrate, Flyway, Prisma: what names and folders say.

use super::{History, INDEX, NO_NOTES, NOTES, USERS, folder, import, names};

const TWO: &str = "BEGIN;\nALTER TABLE users ADD COLUMN two int;\nCOMMIT;\n";

#[tokio::test]
async fn golang_migrate() {
    let history = History {
        tool: "golang-migrate",
        arguments: &["--format", "golang-migrate"],
        files: &[
            ("1_users.up.sql", USERS),
            ("1_users.down.sql", "DROP TABLE users;\n"),
            ("2_notes.up.sql", NOTES),
            ("2_notes.down.sql", NO_NOTES),
            // It opens no transaction, so one statement can be anything.
            ("10_index.up.sql", INDEX),
            // It says by itself where its transaction ends.
            ("11_rows.up.sql", TWO),
            ("README.md", "Run `migrate up`.\n"),
        ],
        names: &[
            "00000000000001_users.sql",
            "00000000000002_notes.sql",
            "00000000000010_index.sql",
            "00000000000011_rows.sql",
        ],
        by_hand: &[USERS, NOTES, INDEX, TWO],
        table: "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);\n\
                INSERT INTO schema_migrations VALUES (11, false)",
    };
    let repository = history.holds().await;
    assert_eq!(
        repository.read("migrations/00000000000001_users.sql"),
        USERS
    );
    assert_eq!(
        repository.read("migrations/00000000000010_index.sql"),
        format!("-- atlas:txmode none\n\n{INDEX}")
    );
}

#[tokio::test]
async fn dirty_histories_are_refused() {
    let repository = folder(&[("1_users.up.sql", USERS), ("1_users.down.sql", "")]);
    import(&repository, &["--format", "golang-migrate"]).ends(0, &["left out: 1 down part"]);
    let database = integration_tests::postgres::TestDatabase::with(&format!(
        "{USERS} CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL); \
         INSERT INTO schema_migrations VALUES (1, true)"
    ))
    .await;
    let url = database.url();
    let baseline = ["baseline", "--from", "golang-migrate", "--url", &url];
    repository
        .migrate(&baseline)
        .ends(12, &["says that version 1 failed"]);
    database
        .run("UPDATE schema_migrations SET version = 7, dirty = false")
        .await;
    repository
        .migrate(&baseline)
        .ends(0, &["none of the 1 row", "Adopted"]);
}

const VIEW: &str = "CREATE OR REPLACE VIEW emails AS SELECT email FROM users;\n";
const FLYWAY: &str = "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), \
     description varchar(200) NOT NULL, type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int, \
     installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL DEFAULT now(), \
     execution_time int NOT NULL, success boolean NOT NULL);\n";

/// Rows of Flyway: version, description, type, script, checksum.
fn flyway(rows: &[[&str; 5]]) -> String {
    let rows = rows.iter().enumerate().map(|(rank, [version, description, kind, script, checksum])| {
        format!(
            "INSERT INTO flyway_schema_history VALUES \
             ({rank}, {version}, '{description}', '{kind}', '{script}', {checksum}, 'me', now(), 1, true);\n"
        )
    });
    format!("{FLYWAY}{}", rows.collect::<String>())
}

/// CRC-32 of the lines, as the server computes it bit by bit.
const CRC: &str = "CREATE FUNCTION pg_temp.crc(input text) RETURNS int LANGUAGE plpgsql AS $$\n\
    DECLARE crc bigint := 4294967295; bytes bytea := convert_to(replace(replace(input, E'\\r', ''), E'\\n', ''), 'UTF8');\n\
    BEGIN\n\
      FOR i IN 0 .. length(bytes) - 1 LOOP\n\
        crc := crc # get_byte(bytes, i);\n\
        FOR bit IN 1 .. 8 LOOP\n\
          crc := CASE WHEN crc & 1 = 1 THEN (crc >> 1) # 3988292384 ELSE crc >> 1 END;\n\
        END LOOP;\n\
      END LOOP;\n\
      crc := crc # 4294967295;\n\
      RETURN CASE WHEN crc > 2147483647 THEN crc - 4294967296 ELSE crc END;\n\
    END $$;\n";

fn crc(text: &str) -> String {
    format!("pg_temp.crc($crc${text}$crc$)")
}

#[tokio::test]
async fn flyway_runs_by_numbers_and_repeats_behind_them() {
    let users = USERS.replace('\n', "\r\n");
    let rows = flyway(&[
        [
            "NULL",
            "<< Flyway Schema Creation >>",
            "SCHEMA",
            "\"app\"",
            "NULL",
        ],
        ["'1.2'", "users", "SQL", "V1_2__users.sql", &crc(&users)],
        ["'1.10'", "notes", "SQL", "V1.10__notes.sql", &crc(NOTES)],
        ["NULL", "emails", "SQL", "R__emails.sql", "7"],
        [
            "'20240101000000'",
            "index",
            "SQL",
            "sub/V20240101000000__index.sql",
            &crc(INDEX),
        ],
        ["NULL", "emails", "SQL", "R__emails.sql", &crc(VIEW)],
    ]);
    let history = History {
        tool: "flyway",
        arguments: &[],
        files: &[
            ("V1_2__users.sql", &users),
            ("V1.10__notes.sql", NOTES),
            ("U1.10__notes.sql", NO_NOTES),
            ("sub/V20240101000000__index.sql", INDEX),
            ("R__emails.sql", VIEW),
        ],
        names: &[
            "00000000000001_was-1-2_users.sql",
            "00000000000002_was-1-10_notes.sql",
            "20240101000000_index.sql",
            "20240101000001_R_emails.sql",
        ],
        by_hand: &[&users, NOTES, INDEX, VIEW],
        table: &format!("{CRC}{rows}"),
    };
    let repository = history.holds().await;
    assert_eq!(
        repository.read("migrations/00000000000001_was-1-2_users.sql"),
        users
    );
    import(&repository, &["--into", "other", "--dry-run"]).ends(
        0,
        &[
            "20240101000000_index.sql from sub/V20240101000000__index.sql, without a transaction",
            "left out: 1 undo",
            "a repeatable migration runs once here",
        ],
    );
    assert!(!repository.root().join("other").exists());
}

#[tokio::test]
async fn a_baseline_of_flyway_is_a_checkpoint() {
    let base = format!("{USERS}{NOTES}");
    let rows = flyway(&[
        ["'2'", "base", "SQL_BASELINE", "B2__base.sql", &crc(&base)],
        ["'3'", "index", "SQL", "V3__index.sql", &crc(INDEX)],
    ]);
    let history = History {
        tool: "flyway",
        arguments: &[],
        files: &[
            ("V1__users.sql", USERS),
            ("V2__notes.sql", NOTES),
            ("B1__older.sql", USERS),
            ("B2__base.sql", &base),
            ("V3__index.sql", INDEX),
        ],
        names: &[
            "00000000000001_users.sql",
            "00000000000002_notes.sql",
            "00000000000003_was-B2_base.sql",
            "00000000000004_was-3_index.sql",
        ],
        by_hand: &[&base, INDEX],
        table: &format!("{CRC}{rows}"),
    };
    let repository = folder(history.files);
    import(&repository, &[]).ends(
        0,
        &[
            "the baseline is a checkpoint",
            "baseline that a newer one replaces",
        ],
    );
    assert_eq!(names(&repository), history.names);
    let text = repository.read("migrations/00000000000003_was-B2_base.sql");
    assert_eq!(text, format!("-- atlas:checkpoint\n\n{base}"));
    for (by_hand, rows) in [
        (&[&base, INDEX][..], rows),
        (
            &[USERS, NOTES, INDEX],
            flyway(&[
                ["'1'", "users", "SQL", "V1__users.sql", &crc(USERS)],
                ["'2'", "notes", "SQL", "V2__notes.sql", &crc(NOTES)],
                ["'3'", "index", "SQL", "V3__index.sql", &crc(INDEX)],
            ]),
        ),
    ] {
        let database = integration_tests::postgres::TestDatabase::new().await;
        for sql in by_hand {
            database.run(sql).await;
        }
        database.run(&format!("{CRC}{rows}")).await;
        let url = database.url();
        repository
            .migrate(&["baseline", "--from", "flyway", "--url", &url])
            .ends(0, &["by checksum", "Adopted at 00000000000004"]);
        let report = repository.migrate(&["apply", "--json", "--url", &url]);
        assert_eq!(
            report.ends(0, &[]).json()["apply"]["files"],
            serde_json::json!([])
        );
    }
}

#[tokio::test]
async fn prisma() {
    let digest =
        |text: &str| format!("encode(sha256(convert_to($text${text}$text$, 'UTF8')), 'hex')");
    let row = |name: &str, text: &str, end: &str| {
        format!(
            "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, rolled_back_at) \
             VALUES (gen_random_uuid()::text, {}, '{name}', {end});\n",
            digest(text)
        )
    };
    let table = [
        "CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, \
         finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, \
         started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0);\n",
        &row("0_init", USERS, "now(), NULL"),
        &row("20240102030405_notes", "broken", "NULL, now()"),
        &row("20240102030405_notes", NOTES, "now(), NULL"),
        &row("20240102030406_index", INDEX, "now(), NULL"),
    ]
    .concat();
    let history = History {
        tool: "prisma",
        arguments: &[],
        files: &[
            ("migration_lock.toml", "provider = \"postgresql\"\n"),
            ("0_init/migration.sql", USERS),
            ("20240102030405_notes/migration.sql", NOTES),
            ("20240102030406_index/migration.sql", INDEX),
        ],
        names: &[
            "00000000000000_init.sql",
            "20240102030405_notes.sql",
            "20240102030406_index.sql",
        ],
        by_hand: &[USERS, NOTES, INDEX],
        table: &table,
    };
    history.holds().await;
}
