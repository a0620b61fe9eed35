//! Roles that migrations name: on servers of our own by the configuration, on others by hand.

use integration_tests::postgres::TestDatabase;
use integration_tests::repository::TestRepository;

const BASE: (&str, &str) = (
    "20260101000000_users.sql",
    "CREATE TABLE users (id bigint PRIMARY KEY);\nGRANT SELECT ON users TO web, \"Batch Jobs\";\n",
);
const NEXT: (&str, &str) = (
    "20260102000000_notes.sql",
    "CREATE TABLE notes (id bigint PRIMARY KEY);\nGRANT SELECT ON notes TO web;\n",
);

fn granting(config: &str) -> TestRepository {
    let repository = TestRepository::with_migrations(&[BASE]);
    repository.write("migrate.toml", config);
    repository.migration(NEXT.0, NEXT.1);
    repository.hash();
    repository
}

#[test]
fn every_command_that_replays_has_the_roles_of_the_configuration() {
    let repository = granting("app-role = \"web\"\nroles = [\"Batch Jobs\"]\n");
    for command in [&["gate"][..], &["lint"], &["apply", "--scratch"]] {
        // The second time the base comes out of the cache.
        repository.migrate(command).ends(0, &[]);
        repository.migrate(command).ends(0, &[]);
    }
}

#[test]
fn a_role_of_a_flag_is_there_too() {
    let repository = granting("roles = [\"Batch Jobs\"]\n");
    repository
        .migrate(&["gate", "--app-role", "web"])
        .ends(0, &[]);
    repository
        .migrate(&["gate"])
        .ends(12, &["role \"web\" does not exist", "roles = [\"web\"]"]);
}

#[test]
fn a_missing_role_is_named_with_its_remedy() {
    let told = [
        "role \"web\" does not exist",
        "roles = [\"web\"]",
        "CREATE ROLE web",
    ];
    let repository = granting("");
    for command in [&["gate"][..], &["lint"], &["apply", "--scratch"]] {
        repository.migrate(command).ends(12, &told);
    }
    // In a new migration as well as in the history.
    let repository = TestRepository::with_migrations(&[(
        "20260101000000_users.sql",
        "CREATE TABLE users (id bigint PRIMARY KEY);\n",
    )]);
    repository.migration(
        "20260102000000_grant.sql",
        "GRANT SELECT ON users TO web;\n",
    );
    repository.hash();
    repository
        .migrate(&["lint", "--format", "json"])
        .ends(10, &[]);
    let report = repository.migrate(&["lint", "--format", "markdown"]);
    for part in told {
        assert!(report.out.contains(part), "no `{part}` in:\n{}", report.out);
    }
}

#[tokio::test]
async fn nothing_is_made_on_the_server_of_a_user() {
    let database = TestDatabase::new().await;
    let url = database.url();
    let config = "roles = [\"no_such_web\"]\n";
    let repository = TestRepository::with_migrations(&[(
        "20260101000000_users.sql",
        "CREATE TABLE users (id bigint PRIMARY KEY);\nGRANT SELECT ON users TO no_such_web;\n",
    )]);
    repository.write("migrate.toml", config);
    repository
        .migrate(&["apply", "--scratch", "--dev-url", &url])
        .ends(12, &["CREATE ROLE no_such_web", "--dev-url"]);
    repository.migrate(&["apply", "--scratch"]).ends(0, &[]);
}
