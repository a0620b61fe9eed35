//! goose and dbmate: what comments say.

use super::{History, INDEX, USERS, folder, import, names};

const FUNCTION: &str = "CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1; -- +goose Down\nEND $$;\n";

#[tokio::test]
async fn goose() {
    let first = format!(
        "-- Users, at last.\n\n-- +goose Up\n-- +goose StatementBegin\n{USERS}-- +goose StatementEnd\n\n\
         -- +goose StatementBegin\n{FUNCTION}-- +goose StatementEnd\n\n-- +goose Down\nDROP FUNCTION one();\nDROP TABLE users;\n"
    );
    let second = format!(
        "-- +goose NO TRANSACTION\r\n-- +goose Up\r\n{}\r\n",
        INDEX.trim()
    );
    let third = "--+goose up\nINSERT INTO users VALUES (1, 'one');\n-- +goose down\n";
    let history = History {
        tool: "goose",
        arguments: &[],
        files: &[
            ("00001_users.sql", &first),
            ("00002_index.sql", &second),
            ("20240101000000_rows.sql", third),
            ("seed.sql", "INSERT INTO users VALUES (2, 'two');\n"),
        ],
        names: &[
            "00000000000001_users.sql",
            "00000000000002_index.sql",
            "20240101000000_rows.sql",
        ],
        by_hand: &[
            USERS,
            FUNCTION,
            INDEX,
            "INSERT INTO users VALUES (1, 'one')",
        ],
        table: "CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL, is_applied boolean NOT NULL, \
                tstamp timestamp DEFAULT now());\n\
                INSERT INTO goose_db_version (version_id, is_applied) VALUES \
                (0, true), (1, true), (1, false), (1, true), (2, true), (20240101000000, true)",
    };
    let repository = history.holds().await;
    assert_eq!(
        repository.read("migrations/00000000000001_users.sql"),
        format!("-- Users, at last.\n\n{USERS}\n{FUNCTION}")
    );
    assert_eq!(
        repository.read("migrations/00000000000002_index.sql"),
        format!("-- atlas:txmode none\r\n\r\n{}\r\n", INDEX.trim())
    );
    let report = import(&repository, &["--into", "again", "--json"])
        .ends(0, &[])
        .json();
    assert_eq!(report["format"], "goose");
    assert_eq!(report["files"][1]["transaction"], false);
    assert_eq!(report["files"][1]["version"], "2");
    assert_eq!(report["left_out"].as_array().unwrap().len(), 2, "{report}");
    // The same input gives the same bytes.
    assert_eq!(
        repository.read("again/atlas.sum"),
        repository.read("migrations/atlas.sum")
    );
}

#[tokio::test]
async fn variables_of_goose_need_a_value() {
    let text = "-- +goose Up\n-- +goose ENVSUB ON\nCREATE TABLE ${PREFIX}_a (id int);\nCREATE TABLE $PREFIX (id int DEFAULT $OTHER);\n\
                -- +goose ENVSUB OFF\nSELECT '$PREFIX';\n";
    let repository = folder(&[("1_a.sql", text)]);
    import(&repository, &["--placeholder", "OTHER=7"]).ends(
        10,
        &[
            "old/1_a.sql:3",
            "old/1_a.sql:4",
            "`PREFIX`",
            "--placeholder 'PREFIX=…'",
        ],
    );
    assert!(!super::is_there(repository.root()));
    import(
        &repository,
        &["--placeholder", "OTHER=7", "--placeholder", "PREFIX=app"],
    )
    .ends(0, &[]);
    assert_eq!(
        repository.read("migrations/00000000000001_a.sql"),
        "CREATE TABLE app_a (id int);\nCREATE TABLE app (id int DEFAULT 7);\nSELECT '$PREFIX';\n"
    );
}

#[tokio::test]
async fn dbmate() {
    let first = format!("-- migrate:up\n{USERS}\n-- migrate:down\nDROP TABLE users;\n");
    let second = format!("-- migrate:up transaction:false\n{INDEX}-- migrate:down\n\n");
    // Two blocks, as newer releases have them, and comments that are like directives.
    let third = "-- Why.\n--  migrate:up\nCREATE TABLE a (id int); -- migrate:nolnt\n-- migrate:down\nDROP TABLE a;\n\
                 -- migrate:up\n/* atlas:nix */ CREATE TABLE b (id int);\n-- migrate:down\nDROP TABLE b;\n";
    let history = History {
        tool: "dbmate",
        arguments: &[],
        files: &[
            ("20240101000000_users.sql", &first),
            ("20240101000001_index.sql", &second),
            ("20240101000002_two.sql", third),
        ],
        names: &[
            "20240101000000_users.sql",
            "20240101000001_index.sql",
            "20240101000002_two.sql",
        ],
        by_hand: &[
            USERS,
            INDEX,
            "CREATE TABLE a (id int)",
            "CREATE TABLE b (id int)",
        ],
        table: "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);\n\
                INSERT INTO schema_migrations VALUES ('20240101000000'), ('20240101000001'), ('20240101000002')",
    };
    let repository = history.holds().await;
    assert_eq!(
        repository.read("migrations/20240101000000_users.sql"),
        USERS
    );
    assert_eq!(
        repository.read("migrations/20240101000001_index.sql"),
        format!("-- atlas:txmode none\n\n{INDEX}")
    );
    assert_eq!(
        repository.read("migrations/20240101000002_two.sql"),
        "-- Why.\nCREATE TABLE a (id int); -- imported: migrate:nolnt\n/* imported: atlas:nix */ CREATE TABLE b (id int);\n"
    );
    import(&repository, &["--into", "again"]).ends(0, &["2 comments would be read as directives"]);
}

#[tokio::test]
async fn dbmate_runs_by_file_name() {
    let up = |sql: &str| format!("-- migrate:up\n{sql}-- migrate:down\n");
    let (first, second) = (up(USERS), up("ALTER TABLE users ADD COLUMN ten int;\n"));
    let history = History {
        tool: "dbmate",
        arguments: &[],
        files: &[("9_ten.sql", &second), ("10_users.sql", &first)],
        names: &[
            "00000000000001_was-10_users.sql",
            "00000000000002_was-9_ten.sql",
        ],
        by_hand: &[USERS, "ALTER TABLE users ADD COLUMN ten int"],
        table: "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);\n\
                INSERT INTO schema_migrations VALUES ('9'), ('10')",
    };
    let repository = history.holds().await;
    assert_eq!(names(&repository).len(), 2);
}
