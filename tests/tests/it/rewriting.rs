//! `hash`, `rm`, `edit` and `undo`: files of a branch, and never those of the base branch.

use integration_tests::project::cargo_migrate;
use integration_tests::repository::{Ran, TestRepository};

const FIRST: &str = "20260101000000_first.sql";
const SECOND: &str = "20260102000000_second.sql";
const OWN: &str = "20260103000000_own.sql";
const LATER: &str = "20260104000000_later.sql";

/// Two migrations on `main`, two on a branch `work`, committed.
fn four() -> TestRepository {
    let repository = TestRepository::with_migrations(&[
        (FIRST, "CREATE TABLE users (id bigint);\n"),
        (SECOND, "CREATE TABLE posts (id bigint);\n"),
    ]);
    repository.migration(OWN, "CREATE TABLE tags (id bigint);\n");
    repository.migration(LATER, "ALTER TABLE users ADD COLUMN name text;\n");
    repository.hash();
    repository.commit("own");
    repository
}

/// Every file of the directory, by name.
fn files(repository: &TestRepository) -> Vec<(String, String)> {
    let folder = repository.root().join("migrations");
    let entries = folder.read_dir_utf8().unwrap().map(|entry| {
        let path = entry.unwrap().into_path();
        let text = fs_err::read_to_string(&path).unwrap();
        (path.file_name().unwrap().to_owned(), text)
    });
    let mut all: Vec<_> = entries.collect();
    all.sort();
    all
}

#[track_caller]
fn intact(repository: &TestRepository) {
    repository.migrate(&["validate"]).ends(0, &["Intact"]);
}

/// The command changes nothing, and says why.
#[track_caller]
fn refused(repository: &TestRepository, arguments: &[&str], code: i32, with: &[&str]) -> Ran {
    let before = files(repository);
    let ran = repository.migrate(arguments).ends(code, with);
    assert_eq!(files(repository), before);
    ran
}

#[test]
fn hash_takes_in_what_is_new_and_what_was_edited_on_the_branch() {
    let repository = four();
    repository.migrate(&["hash"]).ends(0, &["Unchanged"]);
    repository.migration(OWN, "CREATE TABLE tags (id bigint, name text);\n");
    repository.migration("20260105000000_new.sql", "SELECT 1;\n");
    let before = files(&repository);
    refused(
        &repository,
        &["hash", "--dry-run"],
        0,
        &["atlas.sum", "nothing was written"],
    );
    repository
        .migrate(&["hash"])
        .ends(0, &["Changed atlas.sum", "cargo migrate undo"]);
    intact(&repository);
    repository
        .migrate(&["undo"])
        .ends(0, &["cargo migrate hash"]);
    assert_eq!(files(&repository), before);
    repository.migrate(&["undo"]).ends(0, &["Unchanged"]);
}

#[test]
fn hash_never_changes_a_line_of_the_base_branch() {
    let repository = four();
    repository.migration(FIRST, "CREATE TABLE users (id int);\n");
    let ran = refused(
        &repository,
        &["hash"],
        11,
        &[FIRST, "is on main and would change", "cargo migrate rebase"],
    );
    assert!(!ran.err.contains(SECOND), "{}", ran.err);
    repository.git(&["checkout", "migrations"]);
    // One of our own that comes before.
    repository.migration("20260101120000_between.sql", "SELECT 1;\n");
    refused(
        &repository,
        &["hash"],
        11,
        &[SECOND, "20260101120000_between.sql", "cargo migrate rebase"],
    );
    repository.git(&["clean", "-fdq"]);
    fs_err::remove_file(repository.root().join("migrations").join(SECOND)).unwrap();
    refused(
        &repository,
        &["hash"],
        11,
        &[SECOND, "the file is not here", "rebase"],
    );
}

#[test]
fn without_a_base_branch_only_the_end_is_hashed() {
    let repository = TestRepository::folder();
    repository.migration(FIRST, "SELECT 1;\n");
    repository.migration(SECOND, "SELECT 2;\n");
    repository
        .migrate(&["hash"])
        .ends(0, &["Changed atlas.sum"]);
    intact(&repository);
    repository.migration(SECOND, "SELECT 3;\n");
    repository.migration(OWN, "SELECT 4;\n");
    repository.migrate(&["hash"]).ends(0, &[]);
    intact(&repository);
    repository.migration(FIRST, "SELECT 5;\n");
    refused(&repository, &["hash"], 11, &[FIRST, "line 2 of atlas.sum"]);
    repository
        .migrate(&["undo"])
        .ends(3, &["without a git repository"]);
}

#[test]
fn a_sum_that_is_gone_comes_back_as_it_was() {
    let repository = four();
    let before = files(&repository);
    fs_err::remove_file(repository.root().join("migrations/atlas.sum")).unwrap();
    repository.migrate(&["hash"]).ends(0, &[]);
    assert_eq!(files(&repository), before);
}

#[test]
fn rm_removes_what_is_ours_and_not_needed() {
    let repository = four();
    let before = files(&repository);
    refused(
        &repository,
        &["rm", FIRST],
        11,
        &[FIRST, "is on main already"],
    );
    refused(
        &repository,
        &["rm", "nothing"],
        2,
        &["no migration `nothing`", OWN, LATER],
    );
    let ran = repository
        .migrate(&["rm", "own", "--json"])
        .ends(0, &[])
        .json();
    assert_eq!(ran["changes"][0]["action"], "removed");
    assert_eq!(ran["changes"][0]["file"], OWN);
    intact(&repository);
    repository
        .migrate(&["rm", "20260104000000"])
        .ends(0, &["Removed"]);
    intact(&repository);
    repository.migrate(&["undo"]).ends(0, &["Created"]);
    repository.migrate(&["undo"]).ends(0, &["Created"]);
    assert_eq!(files(&repository), before);
    // What others build on stays.
    repository.migration(
        "20260105000000_more.sql",
        "ALTER TABLE tags ADD COLUMN name text;\n",
    );
    repository.migrate(&["hash"]).ends(0, &[]);
    refused(
        &repository,
        &["rm", "own"],
        12,
        &["do not replay without it", "20260105000000_more.sql"],
    );
}

#[test]
fn edit_takes_what_can_be_read_and_replayed() {
    let repository = four();
    let before = files(&repository);
    repository.write("new.sql", "CREATE TABLE tags (id bigint, name text);\n");
    repository.write("broken.sql", "CREATE TABLE tags (id bigint;\n");
    repository.write("wrong.sql", "CREATE TABLE users (id bigint);\n");
    refused(
        &repository,
        &["edit", "first", "--from", "new.sql"],
        11,
        &["is on main already"],
    );
    refused(
        &repository,
        &["edit", "own", "--from", "broken.sql"],
        11,
        &["20260103000000_own.sql"],
    );
    refused(
        &repository,
        &["edit", "own", "--from", "wrong.sql"],
        12,
        &["already exists"],
    );
    refused(&repository, &["edit", "own"], 2, &["--from"]);
    repository
        .migrate(&["edit", "own", "--from", "new.sql"])
        .ends(0, &["Changed"]);
    intact(&repository);
    let text = repository.read(&format!("migrations/{OWN}"));
    assert_eq!(text, repository.read("new.sql"));
    repository.migrate(&["undo"]).ends(0, &[]);
    assert_eq!(files(&repository), before);
}

#[test]
fn undo_never_overwrites_what_came_later() {
    let repository = four();
    repository.migrate(&["rm", "own"]).ends(0, &[]);
    repository.migration(OWN, "SELECT 'written again';\n");
    refused(
        &repository,
        &["undo"],
        11,
        &[OWN, "changed by something else"],
    );
    fs_err::remove_file(repository.root().join("migrations").join(OWN)).unwrap();
    repository.commit("removed");
    refused(&repository, &["undo"], 11, &["committed since", "git log"]);
}

#[test]
fn a_command_that_was_killed_in_the_middle_is_taken_back_as_well() {
    let repository = four();
    let before = files(&repository);
    repository.migrate(&["rm", "own"]).ends(0, &[]);
    // As if the file had gone, and the sum had not been written yet.
    let sum = before.iter().find(|(name, _)| name == "atlas.sum").unwrap();
    repository.write("migrations/atlas.sum", &sum.1);
    repository.migrate(&["undo"]).ends(0, &[]);
    assert_eq!(files(&repository), before);
}

#[test]
fn what_files_touch_goes_with_them() {
    let repository = four();
    repository.migration(
        "20260105000000_contract.sql",
        "-- migrate:n-1-shim-drop: nobody\n\nSELECT 1;\n",
    );
    repository.migrate(&["hash"]).ends(0, &[]);
    repository.commit("contract");
    let directory = schema_core::directory::Directory::load(&repository.root().join("migrations"));
    let mut directory = directory.unwrap();
    let name = "20260105000000_contract.sql".to_owned();
    let folder = repository.root().join("migrations");
    let touches = schema_core::directory::Touches::default();
    directory
        .record_touched(&folder, &[(name, touches)])
        .unwrap();
    repository.commit("record");
    // The base branch goes on.
    repository.git(&["checkout", "-q", "main"]);
    repository.migration("20260106000000_theirs.sql", "SELECT 2;\n");
    repository.hash();
    repository.commit("theirs");
    repository.git(&["checkout", "-q", "work"]);
    let merge = Ran::of(repository.command("git").args(["merge", "-q", "main"]));
    assert_eq!(merge.code, 1);
    repository
        .migrate(&["rebase"])
        .ends(0, &["migrate.touched"]);
    let directory = schema_core::directory::Directory::load(&folder).unwrap();
    let last = directory.files.last().unwrap();
    assert_eq!(last.description, "contract");
    assert!(
        directory.touches(last).is_some(),
        "{}",
        repository.read("migrations/migrate.touched")
    );
}

#[test]
fn rebase_restores_the_base_branch_and_loses_no_work() {
    let repository = four();
    let before = files(&repository);
    repository.migration(SECOND, "CREATE TABLE posts (id int);\n");
    let folder = repository.root().join("migrations");
    fs_err::remove_file(folder.join(FIRST)).unwrap();
    // The name of a file of the base branch, but for a word, and a text of its own.
    let renamed = "20260101000000_people.sql";
    repository.migration(renamed, "CREATE TABLE people (id bigint);\n");
    repository.migrate(&["rebase"]).ends(
        0,
        &[
            &format!("{SECOND} was edited here"),
            "will be as it is on main",
        ],
    );
    intact(&repository);
    let now = files(&repository);
    assert_eq!(now[..2], before[..2]);
    let texts: Vec<&str> = now.iter().map(|(_, text)| text.as_str()).collect();
    assert!(
        texts.contains(&"CREATE TABLE people (id bigint);\n"),
        "{now:#?}"
    );
    repository.migrate(&["lint"]).ends(0, &[]);
    repository.migrate(&["undo"]).ends(0, &[]);
    assert_eq!(
        repository.read(&format!("migrations/{SECOND}")),
        "CREATE TABLE posts (id int);\n"
    );
    assert!(!folder.join(FIRST).exists());
    // What stays in place and does not run there is moved none the less, and named.
    repository.git(&["checkout", "-q", "."]);
    repository.git(&["clean", "-fdq"]);
    repository.migration(
        "20260101120000_again.sql",
        "CREATE TABLE users (id bigint);\n",
    );
    repository
        .migrate(&["rebase"])
        .ends(12, &["already exists", "cargo migrate edit"]);
    intact(&repository);
}

#[test]
fn on_a_terminal_it_shows_what_it_will_do_and_asks() {
    let repository = four();
    // Its `-e` gives the exit code of what runs on the terminal.
    if Ran::of(
        repository
            .command("sh")
            .args(["-c", "script -qec true /dev/null"]),
    )
    .code
        != 0
    {
        println!("skipped: no `script` to make a terminal with");
        return;
    }
    let before = files(&repository);
    let answer = |answer: &str| {
        let line = format!(
            "printf '{answer}' | script -qec '{} rm own' /dev/null",
            cargo_migrate()
        );
        Ran::of(repository.command("sh").args(["-c", &line]))
    };
    answer("n").ends(
        2,
        &[
            &format!("- {OWN}"),
            "~ atlas.sum",
            "Do that to migrations?",
            "nothing was changed",
        ],
    );
    assert_eq!(files(&repository), before);
    answer("y").ends(0, &["Removed"]);
    assert_ne!(files(&repository), before);
    intact(&repository);
}
