//! Public histories, where they are at hand: in the names that each tool would give them.

use integration_tests::corpus;
use integration_tests::postgres::TestDatabase;
use integration_tests::repository::TestRepository;
use schema_core::apply::{Silent, replay};

use super::{directory, import};

#[tokio::test]
async fn public_histories_replay_the_same_in_every_format() {
    for folder in corpus::entries("histories") {
        let files = corpus::sql_files(&folder);
        let expected = TestDatabase::new().await;
        let mut found = Vec::new();
        for (count, format) in [
            "sqlx",
            "goose",
            "dbmate",
            "diesel",
            "prisma",
            "flyway",
            "golang-migrate",
        ]
        .into_iter()
        .enumerate()
        {
            let repository = TestRepository::folder();
            for (place, file) in (1..).zip(&files) {
                let text = fs_err::read_to_string(file).unwrap();
                let name = match format {
                    "goose" | "dbmate" => format!("old/{place:05}_m.sql"),
                    "diesel" => format!("old/{place:05}_m/up.sql"),
                    "prisma" => format!("old/{place:05}_m/migration.sql"),
                    // Text would have another order than the numbers.
                    "flyway" => format!("old/V1.{place}__m.sql"),
                    "golang-migrate" => format!("old/{place}_m.up.sql"),
                    _ => format!("old/{place}_m.sql"),
                };
                let text = match format {
                    "goose" => format!("-- +goose Up\n{text}\n-- +goose Down\nSELECT 1;\n"),
                    "dbmate" => format!("-- migrate:up\n{text}\n-- migrate:down\nSELECT 1;\n"),
                    _ => text,
                };
                repository.write(&name, text);
            }
            let arguments = ["--format", format, "--no-replay"];
            import(&repository, &arguments).ends(0, &["Imported"]);
            let directory = directory(&repository);
            assert_eq!(directory.files.len(), files.len(), "{format}");
            // All formats say the same, so one of them is replayed, and one that is numbered anew.
            if matches!(format, "sqlx" | "flyway") {
                let database = if count == 0 {
                    &expected
                } else {
                    &TestDatabase::new().await
                };
                replay(&mut database.connect().await, &directory.files, &mut Silent)
                    .await
                    .unwrap();
                found.push(database.catalog().await);
            }
            println!("{folder}: {} files as {format}", files.len());
        }
        assert_eq!(found[0], found[1], "{folder}");
    }
}
