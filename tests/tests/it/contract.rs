//! What the previous release relies on: the base branch, a tag, or what its binary carries.

use integration_tests::project::TestProject;
use integration_tests::repository::TestRepository;

const APP: &str = r#"//! The release that is in production.
use schema_core::prelude::*;

#[table(name = "users")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
"#;

/// `v1` knows only the key; `main` has a nickname, which the branch drops.
fn dropping() -> TestRepository {
    let repository = TestRepository::with_migrations(&[(
        "20260101000000_base.sql",
        "CREATE TABLE users (id bigint PRIMARY KEY);\n",
    )]);
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["tag", "v1"]);
    repository.migration(
        "20260102000000_nickname.sql",
        "ALTER TABLE users ADD COLUMN nickname text;\n",
    );
    repository.hash();
    repository.commit("nickname");
    repository.git(&["checkout", "-q", "-B", "work"]);
    repository.migration(
        "20260103000000_drop.sql",
        "SET LOCAL lock_timeout = '2s';\nALTER TABLE users DROP COLUMN nickname;\n",
    );
    repository.hash();
    repository
}

#[test]
fn a_tag_is_what_its_migrations_make() {
    let repository = dropping();
    repository.migrate(&["gate"]).ends(10, &["N001"]);
    repository
        .migrate(&["gate", "--previous-tag", "v1"])
        .ends(0, &["no findings in 1 new migration against main"]);
    repository.write("migrate.toml", "dir = \"elsewhere\"\n");
    repository.git(&["mv", "migrations", "elsewhere"]);
    repository
        .migrate(&["gate", "--previous-tag", "v1"])
        .ends(3, &["`v1` has no migrations in `elsewhere`"]);
}

#[test]
fn a_binary_is_what_it_carries() {
    let project = TestProject::package("contract-release", "", &[("src/main.rs", APP)]);
    let binary = project.build(&[]).pop().expect("is a binary");
    let repository = dropping();
    repository
        .migrate(&["gate", "--previous-binary", binary.as_str()])
        .ends(0, &["no findings"]);
    // What it does know may not go.
    repository.migration(
        "20260103000000_drop.sql",
        "SET LOCAL lock_timeout = '2s';\nALTER TABLE users DROP COLUMN id;\n",
    );
    repository.hash();
    repository
        .migrate(&["gate", "--previous-binary", binary.as_str()])
        .ends(10, &["N001", "column id of table users"]);
    repository
        .migrate(&["gate", "--previous-binary", "/bin/true"])
        .ends(3, &["/bin/true carries no schema"]);
    repository
        .migrate(&["gate", "--previous-binary", "gone"])
        .ends(3, &["gone"]);
}
