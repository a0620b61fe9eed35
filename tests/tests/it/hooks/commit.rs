//! What a commit may not contain, in every way that git makes commits.

use integration_tests::package::with_binary;
use integration_tests::repository::{Ran, TestRepository};

use super::{FIRST, SECOND, THIRD, git, hooked, third};

fn commit(repository: &TestRepository) -> Ran {
    git(repository, &["commit", "-m", "x"])
}

fn stage(repository: &TestRepository) {
    repository.git(&["add", "-A"]);
}

#[test]
fn a_migration_with_its_line_is_committed() {
    let repository = hooked();
    third(&repository);
    stage(&repository);
    commit(&repository).ends(0, &["Checked", "3 migrations", "behind those of main"]);
    repository.write("notes.md", "x");
    stage(&repository);
    // Nothing of the schema: not a word.
    let ran = commit(&repository).ends(0, &[]);
    assert!(!ran.err.contains("Checked"), "{}", ran.err);
}

#[test]
fn a_stale_sum_is_told_with_its_command() {
    let repository = hooked();
    repository.migration(THIRD, "CREATE TABLE tags (id bigint);\n");
    stage(&repository);
    commit(&repository).ends(
        1,
        &["error[D", THIRD, "are not intact", "`cargo migrate hash`"],
    );
    repository.hash();
    // The sum is right on disk, and the commit would still be wrong.
    commit(&repository).ends(1, &["`git add migrations`", "atlas.sum"]);
    stage(&repository);
    commit(&repository).ends(0, &[]);
}

#[test]
fn what_is_staged_counts_and_not_what_is_on_disk() {
    let repository = hooked();
    third(&repository);
    stage(&repository);
    repository.migration(THIRD, "broken afterwards");
    commit(&repository).ends(0, &[]);
    repository.git(&["checkout", "-q", "--", "."]);
    repository.migration(THIRD, "CREATE TABLE tags (id int);\n");
    repository.git(&["add", "migrations"]);
    repository.git(&["restore", "--source=HEAD", "--worktree", "migrations"]);
    repository.migrate(&["validate"]).ends(0, &[]);
    commit(&repository).ends(1, &[THIRD]);
}

#[test]
fn a_file_that_is_only_announced_is_not_part_of_the_commit() {
    let repository = hooked();
    third(&repository);
    stage(&repository);
    repository.migration("20260104000000_later.sql", "SELECT 1;\n");
    repository.git(&["add", "-N", "migrations/20260104000000_later.sql"]);
    commit(&repository).ends(0, &[]);
}

#[test]
fn history_of_the_base_branch_stays() {
    type Change = fn(&TestRepository);
    let cases: [(Change, &str); 3] = [
        (
            |it| it.migration(SECOND, "CREATE TABLE posts (id int);\n"),
            "H002",
        ),
        (
            |it| {
                it.git(&["rm", "-q", &format!("migrations/{SECOND}")]);
            },
            "H003",
        ),
        (
            |it| {
                let to = "migrations/20260105000000_second.sql";
                it.git(&["mv", &format!("migrations/{SECOND}"), to]);
            },
            "H004",
        ),
    ];
    for (change, code) in cases {
        let repository = hooked();
        change(&repository);
        repository.hash();
        stage(&repository);
        commit(&repository).ends(
            1,
            &[
                code,
                SECOND,
                "do not fit main",
                "`cargo migrate reset`",
                "undo",
            ],
        );
        // The sum says the same in the end: only the history tells.
        repository.migrate(&["validate"]).ends(0, &[]);
    }
}

#[test]
fn a_new_file_comes_after_those_of_the_base_branch() {
    let repository = hooked();
    repository.migration("20260101120000_between.sql", "SELECT 1;\n");
    repository.hash();
    stage(&repository);
    commit(&repository).ends(
        1,
        &[
            "H001",
            "20260101120000_between.sql",
            "`cargo migrate rebase`",
        ],
    );
    git(&repository, &["commit", "--no-verify", "-m", "x"]).ends(0, &[]);
    // Other work goes on meanwhile.
    repository.write("notes.md", "x");
    stage(&repository);
    commit(&repository).ends(0, &[]);
}

#[test]
fn commits_with_an_index_of_their_own() {
    let repository = hooked();
    repository.write("sub/notes.md", "x");
    third(&repository);
    stage(&repository);
    commit(&repository).ends(0, &[]);
    repository.migration(THIRD, "CREATE TABLE tags (id int);\n");
    repository.write("sub/notes.md", "y");
    // Nothing is staged, so these three have to look at the index that git has made for them.
    git(&repository, &["commit", "-am", "x"]).ends(1, &[THIRD]);
    let path = format!("migrations/{THIRD}");
    git(&repository, &["commit", "-m", "x", "--", &path]).ends(1, &[THIRD]);
    let sub = Ran::of(
        repository
            .command("git")
            .current_dir(repository.root().join("sub"))
            .args(["commit", "-am", "x"]),
    );
    sub.ends(1, &[THIRD]);
    git(&repository, &["commit", "-m", "x", "--", "sub/notes.md"]).ends(0, &[]);
    repository.hash();
    git(&repository, &["commit", "-am", "x"]).ends(0, &["Checked"]);
    // An own file may be edited before it is on the base branch, also by an amended commit.
    repository.migration(THIRD, "CREATE TABLE tags (id bigint, x int);\n");
    git(&repository, &["commit", "--amend", "-am", "x"]).ends(1, &[THIRD]);
    repository.hash();
    git(&repository, &["commit", "--amend", "-am", "x"]).ends(0, &["Checked"]);
}

#[test]
fn the_first_commit_and_one_without_a_base() {
    let mut repository = TestRepository::new();
    with_binary(&mut repository);
    repository.git(&["checkout", "-q", "-b", "trunk"]);
    repository.migrate(&["hooks", "install"]).ends(0, &[]);
    repository.migration(FIRST, "CREATE TABLE users (id bigint);\n");
    stage(&repository);
    commit(&repository).ends(1, &["atlas.sum"]);
    repository.hash();
    stage(&repository);
    commit(&repository).ends(0, &["no commit yet", "only the chain"]);
    third(&repository);
    stage(&repository);
    commit(&repository).ends(0, &["no base branch", "only the chain"]);
    repository.git(&["checkout", "-q", "--detach"]);
    repository.migration("20260104000000_x.sql", "SELECT 1;\n");
    stage(&repository);
    commit(&repository).ends(1, &["20260104000000_x.sql"]);
}

#[test]
fn a_detached_head_has_a_base_too() {
    let repository = hooked();
    repository.git(&["checkout", "-q", "--detach"]);
    repository.migration(FIRST, "SELECT 1;\n");
    repository.hash();
    stage(&repository);
    commit(&repository).ends(1, &["H002", FIRST]);
}

/// Branch `work` has the third file, `main` has one that is newer, and both changed the sum.
fn diverged() -> TestRepository {
    let repository = hooked();
    third(&repository);
    stage(&repository);
    commit(&repository).ends(0, &[]);
    repository.git(&["checkout", "-q", "main"]);
    repository.migration(
        "20260104000000_theirs.sql",
        "CREATE TABLE notes (id bigint);\n",
    );
    repository.hash();
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-qnm", "theirs"]);
    repository.git(&["checkout", "-q", "work"]);
    repository.git(&["config", "--remove-section", "merge.cargo-migrate"]);
    repository
}

#[test]
fn a_merge_that_is_resolved_wrongly_is_refused() {
    let repository = diverged();
    assert_ne!(git(&repository, &["merge", "main"]).code, 0);
    repository.migrate(&["hooks", "run", "pre-commit"]).ends(
        11,
        &[
            "migrations/atlas.sum` is in conflict",
            "cargo migrate rebase",
        ],
    );
    repository.git(&["checkout", "--ours", "migrations/atlas.sum"]);
    stage(&repository);
    commit(&repository).ends(1, &["20260104000000_theirs.sql"]);
    repository.hash();
    stage(&repository);
    // What comes in from the base branch is not new; what was here is behind it now.
    let ran = commit(&repository).ends(1, &["H001", THIRD, "cargo migrate rebase"]);
    assert!(!ran.err.contains("H002"), "{}", ran.err);
}

#[test]
fn a_rebase_that_stops_is_checked_when_it_goes_on() {
    let repository = diverged();
    assert_ne!(git(&repository, &["rebase", "main"]).code, 0);
    repository.git(&["checkout", "--theirs", "migrations/atlas.sum"]);
    stage(&repository);
    commit(&repository).ends(1, &["atlas.sum"]);
    fs_err::rename(
        repository.root().join("migrations").join(THIRD),
        repository
            .root()
            .join("migrations/20260105000000_third.sql"),
    )
    .unwrap();
    repository.hash();
    stage(&repository);
    commit(&repository).ends(0, &["Checked", "4 migrations"]);
    git(
        &repository,
        &["-c", "core.editor=true", "rebase", "--continue"],
    )
    .ends(0, &[]);
}

#[test]
fn a_directory_that_moves_is_still_that_of_the_base_branch() {
    let repository = hooked();
    repository.write("migrate.toml", "dir = \"db/migrations\"\n");
    fs_err::create_dir_all(repository.root().join("db")).unwrap();
    repository.git(&["mv", "migrations", "db/migrations"]);
    stage(&repository);
    commit(&repository).ends(0, &["Checked"]);
    repository.write(&format!("db/migrations/{FIRST}"), "SELECT 1;\n");
    repository.hash_in("db/migrations");
    stage(&repository);
    commit(&repository).ends(1, &["H002", FIRST]);
}
