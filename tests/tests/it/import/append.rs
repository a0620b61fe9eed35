//! Where the result goes: an empty directory, or behind what was imported before.

use integration_tests::repository::TestRepository;

use super::{NOTES, USERS, folder, import, names};

#[tokio::test]
async fn what_came_since_is_added() {
    let repository = folder(&[("1_users.sql", USERS)]);
    import(&repository, &[]).ends(0, &["Imported 1 migration"]);
    import(&repository, &[]).ends(2, &["has 1 migration already", "--append"]);
    import(&repository, &["--append"]).ends(0, &["Unchanged"]);
    repository.write("old/2_notes.sql", NOTES);
    let report = import(&repository, &["--append", "--json"])
        .ends(0, &[])
        .json();
    assert_eq!(
        (&report["written"], &report["replayed"]),
        (&true.into(), &true.into())
    );
    assert_eq!(report["files"][0]["existing"], true);
    assert_eq!(report["files"][1]["original"], "2_notes.sql");
    assert_eq!(
        names(&repository),
        ["00000000000001_users.sql", "00000000000002_notes.sql"]
    );

    let before = repository.read("migrations/atlas.sum");
    repository.write("old/1_users.sql", "SELECT 1;\n");
    import(&repository, &["--append"]).ends(11, &["another text than `1_users.sql`"]);
    repository.write("old/1_users.sql", USERS);
    repository.write("old/0_early.sql", "SELECT 1;\n");
    import(&repository, &["--append"]).ends(11, &["`0_early.sql`", "does not come behind"]);
    assert_eq!(repository.read("migrations/atlas.sum"), before);
    // The next file of ours comes behind all of it.
    repository.migrate(&["new", "more"]).ends(0, &[]);
    assert!(names(&repository)[2].starts_with("20"));
}

#[tokio::test]
async fn the_folder_of_the_other_tool_stays() {
    let repository = TestRepository::folder();
    repository.write("migrations/1_users.sql", USERS);
    repository.migrate(&["import", "migrations"]).ends(
        2,
        &["`migrations` is the migration directory itself", "git mv"],
    );
    repository
        .migrate(&["import", "migrations", "--into", "db"])
        .ends(0, &["next: `cargo migrate --dir db validate`"]);
    repository
        .migrate(&["--dir", "db", "validate"])
        .ends(0, &[]);
    // Theirs names the way here.
    repository.write("flyway/V1__a.sql", USERS);
    repository
        .migrate(&["--dir", "flyway", "validate"])
        .ends(3, &["cargo migrate import"]);
    repository
        .migrate(&["import", "db"])
        .ends(2, &["has an atlas.sum and plain files", "--dir db"]);
}

#[tokio::test]
async fn an_import_can_be_taken_back() {
    let repository = TestRepository::new();
    repository.write("old/1_users.sql", USERS);
    repository.commit("theirs");
    import(&repository, &[]).ends(0, &[]);
    assert_eq!(names(&repository).len(), 1);
    repository.migrate(&["undo", "--yes"]).ends(0, &[]);
    assert!(
        !repository
            .root()
            .join("migrations/00000000000001_users.sql")
            .exists()
    );
}

#[tokio::test]
async fn a_byte_order_mark_goes_and_line_ends_stay() {
    let repository = folder(&[(
        "1_users.sql",
        "\u{feff}CREATE TABLE a (\r\n  id int\r\n);\r\n",
    )]);
    import(&repository, &[]).ends(0, &[]);
    assert_eq!(
        repository.read("migrations/00000000000001_users.sql"),
        "CREATE TABLE a (\r\n  id int\r\n);\r\n"
    );
}

#[tokio::test]
async fn a_sum_that_is_there_is_compared() {
    let files = [
        ("1_a.up.sql", USERS),
        ("1_a.down.sql", "DROP TABLE users;\n"),
        ("2_b.up.sql", NOTES),
    ];
    let repository = folder(&files);
    let listed = [files[0], files[2]].map(|(name, text)| (name.to_owned(), text.to_owned()));
    let prefixes = schema_core::directory::Prefixes::default();
    let root = repository.root();
    let sum = schema_core::directory::Directory::from_texts(root, listed.to_vec(), None, &prefixes);
    repository.write("old/atlas.sum", sum.computed_sum().to_string());
    let format = ["--format", "golang-migrate"];
    import(&repository, &format).ends(0, &["all files that atlas.sum lists are what it says"]);
    repository.write("old/2_b.up.sql", "SELECT 1;\n");
    let arguments = [&format[..], &["--into", "other"]].concat();
    import(&repository, &arguments)
        .ends(11, &["old/atlas.sum", "2_b.up.sql", "nothing was written"]);
    assert!(!root.join("other").exists());
}
