//! Tests: directories of other tools become ours, and databases that these have migrated are adopted.

mod append;
mod corpus;
mod docs;
mod formats;
mod markers;
mod refused;
mod rust;

use camino::Utf8Path;
use integration_tests::postgres::TestDatabase;
use integration_tests::repository::{Ran, TestRepository};
use schema_core::apply::{Silent, replay};
use schema_core::directory::Directory;

/// A directory of another tool, and what has to become of it.
struct History<'a> {
    tool: &'a str,
    /// `--format`, where the files do not tell.
    arguments: &'a [&'a str],
    files: &'a [(&'a str, &'a str)],
    /// The files of ours, in order.
    names: &'a [&'a str],
    /// What the tool sends to the server, in its order.
    by_hand: &'a [&'a str],
    /// What makes the tool's own table, with the rows that it would have written.
    table: &'a str,
}

impl History<'_> {
    /// Imports it, and sees that the same objects come out, and that a database of the tool is adopted.
    async fn holds(&self) -> TestRepository {
        let repository = folder(self.files);
        let arguments = [&["import", "old"], self.arguments].concat();
        repository.migrate(&arguments).ends(
            0,
            &[
                "Imported",
                "Replayed",
                &format!("baseline --from {}", self.tool),
            ],
        );
        assert_eq!(names(&repository), self.names);
        repository.migrate(&["validate"]).ends(0, &["Intact"]);
        for (name, text) in self.files {
            assert_eq!(repository.read(&format!("old/{name}")), *text, "{name}");
        }

        let (theirs, ours) = (TestDatabase::new().await, TestDatabase::new().await);
        for sql in self.by_hand {
            theirs.run(sql).await;
        }
        let directory = directory(&repository);
        replay(&mut ours.connect().await, &directory.files, &mut Silent)
            .await
            .unwrap();
        assert_eq!(ours.catalog().await, theirs.catalog().await);

        theirs.run(self.table).await;
        let url = theirs.url();
        let newest = directory.files.last().unwrap().version.to_string();
        repository
            .migrate(&["baseline", "--from", self.tool, "--url", &url])
            .ends(0, &[&format!("Adopted at {newest}")]);
        let report = repository.migrate(&["status", "--json", "--url", &url]);
        let report = report.ends(0, &[]).json();
        let files = report["status"]["versions"].as_array().unwrap();
        assert_eq!(files.len(), self.names.len(), "{report}");
        assert!(
            files
                .iter()
                .all(|file| file["state"] == "baseline" || file["state"] == "skipped"),
            "{report}"
        );
        let report = repository.migrate(&["apply", "--json", "--url", &url]);
        let report = report.ends(0, &[]).json();
        assert_eq!(report["apply"]["files"], serde_json::json!([]), "{report}");
        repository
            .migrate(&["drift", "--url", &url])
            .ends(0, &["No drift"]);
        repository
    }
}

/// A folder with these files in `old`.
fn folder(files: &[(&str, &str)]) -> TestRepository {
    let repository = TestRepository::folder();
    for (name, text) in files {
        repository.write(&format!("old/{name}"), text);
    }
    repository
}

fn import(repository: &TestRepository, arguments: &[&str]) -> Ran {
    repository.migrate(&[&["import", "old"], arguments].concat())
}

fn directory(repository: &TestRepository) -> Directory {
    let directory = Directory::load(&repository.root().join("migrations")).unwrap();
    assert_eq!(directory.verify(), []);
    directory
}

fn names(repository: &TestRepository) -> Vec<String> {
    let files = directory(repository).files.into_iter();
    files.map(|file| file.file_name).collect()
}

fn is_there(path: &Utf8Path) -> bool {
    path.join("migrations").exists()
}

const USERS: &str = "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n";
const NOTES: &str = "ALTER TABLE users ADD COLUMN note text;\n";
const NO_NOTES: &str = "ALTER TABLE users DROP COLUMN note;\n";
const INDEX: &str = "CREATE INDEX CONCURRENTLY users_email_idx ON users (email);\n";
