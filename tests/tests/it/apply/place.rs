//! Tests: which database a command works on, and what its URL may say.

use integration_tests::postgres::TestDatabase;
use integration_tests::repository::TestRepository;

const NOTES: (&str, &str) = (
    "20260101000000_notes.sql",
    "CREATE TABLE notes (id bigint PRIMARY KEY);\n",
);

/// A project in whose environment nothing names a database.
fn project() -> TestRepository {
    let mut repository = TestRepository::with_migrations(&[NOTES]);
    for name in ["DATABASE_URL_MIGRATION", "DATABASE_URL", "PGPASSWORD"] {
        // Empty is as good as not there.
        repository.set(name, "");
    }
    repository
}

#[tokio::test]
async fn the_flag_wins_over_the_environment_and_that_over_the_configuration() {
    let database = TestDatabase::new().await;
    let good = database.url();
    let bad = |name: &str| format!("postgres://nobody:geheim@127.0.0.1:1/{name}");
    let mut repository = project();
    let told = |repository: &TestRepository, arguments: &[&str], from: &str| {
        let ran = repository.migrate(arguments);
        let ran = ran.ends(5, &[from, "at 127.0.0.1, port 1, as role nobody"]);
        assert!(!ran.err.contains("geheim"), "{}", ran.err);
    };
    repository.migrate(&["status"]).ends(
        2,
        &[
            "no database to work on",
            "DATABASE_URL_MIGRATION",
            "database-url",
        ],
    );
    repository.write(
        "migrate.toml",
        "database-url = \"postgres://nobody@127.0.0.1:1/four\"\n",
    );
    told(&repository, &["status"], "database four");
    told(&repository, &["apply"], "`database-url` in migrate.toml");
    repository.set("DATABASE_URL", bad("three"));
    told(&repository, &["apply"], "database three");
    told(&repository, &["apply"], "from DATABASE_URL\n");
    repository.set("DATABASE_URL_MIGRATION", bad("two"));
    told(&repository, &["apply"], "from DATABASE_URL_MIGRATION\n");
    let one = bad("one");
    told(&repository, &["apply", "--url", &one], "from --url\n");
    repository.migrate(&["apply", "--url", &good]).ends(0, &[]);
    repository.set("DATABASE_URL_MIGRATION", good);
    repository.migrate(&["status"]).ends(0, &[]);
    repository.set("DATABASE_URL_MIGRATION", "");
    repository.set("DATABASE_URL", "");
    repository.write(
        "migrate.toml",
        format!("database-url = \"{}\"\n", database.url()),
    );
    if !database.url().contains(":geheim@") {
        repository.migrate(&["status"]).ends(0, &[]);
    }
}

#[test]
fn the_configuration_holds_no_password() {
    let repository = project();
    for url in [
        "postgres://app:geheim@db/shop",
        "postgres:///shop?password=geheim",
    ] {
        repository.write("migrate.toml", format!("database-url = \"{url}\"\n"));
        let ran = repository.migrate(&["apply"]);
        let ran = ran.ends(
            3,
            &["holds a password", "DATABASE_URL_MIGRATION", "PGPASSFILE"],
        );
        assert!(!ran.err.contains("geheim"), "{}", ran.err);
    }
}

#[test]
fn what_would_not_be_kept_is_refused_with_its_remedy() {
    let mut repository = project();
    let refused = |repository: &TestRepository, url: &str, told: &[&str]| {
        let ran = repository.migrate(&["status", "--url", url]);
        let ran = ran.ends(2, told);
        assert!(!ran.err.contains("geheim"), "{}", ran.err);
    };
    refused(
        &repository,
        "postgres://me:geheim@db/x?sslmod=require",
        &["unknown parameter `sslmod`", "did you mean `sslmode`?"],
    );
    refused(
        &repository,
        "postgres://me:geheim@a,b/x",
        &["more than one host"],
    );
    refused(
        &repository,
        "postgres://me:geheim@db/x?sslmode=verify",
        &["`sslmode=verify`", "verify-full"],
    );
    refused(
        &repository,
        "postgres://me:geheim@db/x?sslmode=verify-ca",
        &["without `sslrootcert`", "verify-full"],
    );
    refused(
        &repository,
        "postgres://db/x?sslmode=require&sslrootcert=system",
        &["sslmode=verify-full"],
    );
    refused(
        &repository,
        "postgres://db/x?sslmode=require&sslrootcert=missing.pem",
        &["missing.pem, which is not there"],
    );
    refused(
        &repository,
        "postgres://db/x?sslcert=mine.pem",
        &["`sslcert` without `sslkey`"],
    );
    refused(
        &repository,
        "postgres://db/x?sslmode=require&channel_binding=require",
        &["channel_binding", "verify-full"],
    );
    refused(&repository, "postgres://db/x?host=other", &["`host` twice"]);
    repository.set("PGSSLMODE", "verify-fill");
    refused(&repository, "postgres://db/x", &["`sslmode=verify-fill`"]);
    repository.set("PGSSLMODE", "");
    repository.set("PGPORT", "six");
    refused(&repository, "postgres://db/x", &["PGPORT is no port"]);
}

#[tokio::test]
async fn harmless_parameters_of_other_programs_are_told() {
    let database = TestDatabase::new().await;
    let url = database.url();
    let url = format!("{url}&connect_timeout=5&target_session_attrs=read-write");
    let repository = project();
    let ran = repository.migrate(&["apply", "--url", &url]);
    let ran = ran.ends(0, &["`connect_timeout` in --url has no effect"]);
    assert!(!ran.err.contains("target_session_attrs"), "{}", ran.err);
}
