//! Tests: apply.

use integration_tests::corpus;
use integration_tests::postgres::TestDatabase;
use schema_core::apply::{Silent, replay};
use schema_core::directory::Directory;

#[tokio::test]
async fn atlas_directories_replay() {
    for path in corpus::entries("atlas") {
        let directory = Directory::load(&path).unwrap();
        let database = TestDatabase::new().await;
        let mut connection = database.connect().await;

        let r = replay(&mut connection, &directory.files, &mut Silent).await;
        assert_eq!(r, Ok(()), "{path}");
    }
}
