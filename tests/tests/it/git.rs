//! What is new and what was changed, in real repositories.

use std::os::unix::ffi::OsStrExt as _;

use integration_tests::repository::{Ran, TestRepository};

const FIRST: &str = "20260101000000_first.sql";
const SECOND: &str = "20260102000000_second.sql";
const THIRD: &str = "20260103000000_third.sql";

/// Two migrations on `main`, and a branch `work`.
fn two() -> TestRepository {
    TestRepository::with_migrations(&[
        (FIRST, "CREATE TABLE users (\n    id bigint\n);\n"),
        (SECOND, "CREATE TABLE posts (id bigint);\n"),
    ])
}

fn lint(repository: &TestRepository, arguments: &[&str]) -> Ran {
    let mut all = vec!["lint", "--json"];
    all.extend(arguments);
    repository.migrate(&all)
}

#[track_caller]
fn check_new(ran: &Ran, base: &str, new: &[&str]) {
    let document = ran.json();
    assert_eq!(document["base"], base, "{document:#}");
    assert_eq!(document["new"], serde_json::json!(new), "{document:#}");
}

/// The first finding's code, place and notes.
#[track_caller]
fn check_only(ran: &Ran, code: &str, file: &str, line: u32) {
    let document = ran.json();
    assert_eq!(ran.codes(), [code], "{document:#}");
    assert_eq!(ran.code, 10, "{document:#}");
    let place = &document["findings"][0]["places"][0];
    assert_eq!(place["file"], format!("migrations/{file}"), "{document:#}");
    assert_eq!(place["line"], line, "{document:#}");
}

#[test]
fn new_is_what_the_merge_base_does_not_have() {
    let repository = two();
    repository.migration(THIRD, "CREATE TABLE tags (id bigint);");
    repository.hash();
    repository.commit("third");
    repository.migration(
        "20260104000000_untracked.sql",
        "CREATE TABLE notes (id bigint);",
    );
    repository.hash();
    // The base branch goes on meanwhile: that is not new here.
    repository.git(&["branch", "-f", "other", "main"]);
    let ran = lint(&repository, &[]).ends(0, &[]);
    check_new(&ran, "main", &[THIRD, "20260104000000_untracked.sql"]);
}

#[test]
fn on_the_base_branch_new_is_what_is_not_committed() {
    let repository = two();
    repository.git(&["checkout", "-q", "main"]);
    let ran = lint(&repository, &[]).ends(0, &["--base HEAD~1"]);
    check_new(&ran, "main", &[]);
    repository.migration(THIRD, "CREATE TABLE tags (id bigint);");
    repository.hash();
    check_new(&lint(&repository, &[]), "main", &[THIRD]);
    repository.commit("third");
    check_new(&lint(&repository, &[]), "main", &[]);
    check_new(
        &lint(&repository, &["--base", "HEAD~1"]),
        "HEAD~1",
        &[THIRD],
    );
}

#[test]
fn an_edited_file_is_told_with_its_first_changed_line() {
    let repository = two();
    repository.migration(FIRST, "CREATE TABLE users (\n    id int\n);\n");
    repository.hash();
    let ran = lint(&repository, &[]);
    check_only(&ran, "H002", FIRST, 2);
    let notes = ran.json()["findings"][0]["notes"].to_string();
    assert!(
        notes.contains("was `    id bigint` and is `    id int`"),
        "{notes}"
    );
    // The gate looks at the new files only, so others must not have changed.
    let gate = repository.migrate(&["gate", "--json"]);
    assert_eq!((gate.code, gate.codes()), (10, vec!["H002".to_owned()]));
}

#[test]
fn a_deleted_file_is_told_at_the_line_that_it_had_in_the_sum() {
    let repository = two();
    fs_err::remove_file(repository.root().join("migrations").join(SECOND)).unwrap();
    repository.hash();
    check_only(&lint(&repository, &[]), "H003", "atlas.sum", 3);
    repository.commit("gone");
    check_only(&lint(&repository, &[]), "H003", "atlas.sum", 3);
}

#[test]
fn all_files_can_be_deleted() {
    let repository = two();
    fs_err::remove_dir_all(repository.root().join("migrations")).unwrap();
    assert_eq!(lint(&repository, &[]).codes(), ["H003", "H003"]);
}

#[test]
fn a_renamed_file_is_told_as_such() {
    let repository = two();
    repository.git(&[
        "mv",
        &format!("migrations/{SECOND}"),
        &format!("migrations/{THIRD}"),
    ]);
    repository.hash();
    check_only(&lint(&repository, &[]), "H004", THIRD, 1);
}

#[test]
fn a_file_older_than_the_newest_on_the_base_branch_is_out_of_order() {
    let repository = two();
    repository.git(&["checkout", "-q", "main"]);
    repository.migration(
        "20260201000000_newest.sql",
        "CREATE TABLE tags (id bigint);",
    );
    repository.hash();
    repository.commit("newest");
    repository.git(&["checkout", "-q", "work"]);
    repository.migration(THIRD, "CREATE TABLE notes (id bigint);");
    repository.hash();
    let ran = lint(&repository, &[]);
    check_only(&ran, "H001", THIRD, 1);
    check_new(&ran, "main", &[THIRD]);
    // The order is the linter's: the gate only asks what the file breaks.
    repository.migrate(&["gate"]).ends(0, &["no findings"]);
}

#[test]
fn a_second_file_of_one_version_is_told() {
    let repository = two();
    repository.git(&["checkout", "-q", "main"]);
    repository.migration(
        "20260103000000_theirs.sql",
        "CREATE TABLE tags (id bigint);",
    );
    repository.hash();
    repository.commit("theirs");
    repository.git(&["checkout", "-q", "work"]);
    repository.migration(THIRD, "CREATE TABLE notes (id bigint);");
    repository.hash();
    check_only(&lint(&repository, &[]), "H005", THIRD, 1);
}

#[test]
fn a_line_of_the_sum_that_the_base_branch_has_stays() {
    let repository = two();
    repository.git(&["checkout", "-q", "main"]);
    let right = repository.read("migrations/atlas.sum");
    let wrong = right.replace(&format!("{SECOND} h1:"), &format!("{SECOND} h1:A"));
    repository.write("migrations/atlas.sum", wrong);
    repository.commit("a sum that is wrong");
    repository.git(&["checkout", "-q", "-B", "work"]);
    repository.write("migrations/atlas.sum", right);
    check_only(&lint(&repository, &[]), "H006", "atlas.sum", 3);
}

#[test]
fn what_the_base_branch_did_to_its_own_history_is_not_blamed_on_others() {
    let repository = two();
    repository.git(&["checkout", "-q", "main"]);
    repository.migration(SECOND, "CREATE TABLE posts (id int);\n");
    repository.hash();
    repository.commit("rewritten");
    repository.git(&["checkout", "-q", "work"]);
    assert_eq!(lint(&repository, &[]).ends(0, &[]).codes(), [""; 0]);
}

#[test]
fn a_folder_without_git_asks_for_the_latest_files() {
    let folder = TestRepository::folder();
    folder.migration(FIRST, "CREATE TABLE users (id bigint);");
    folder.migration(SECOND, "CREATE TABLE posts (id bigint);");
    folder.hash();
    folder
        .migrate(&["lint"])
        .ends(3, &["is in no git repository", "--latest N"]);
    let ran = lint(&folder, &["--latest", "1"]).ends(0, &[]);
    check_new(&ran, "all but the last migration", &[SECOND]);
    folder
        .migrate(&["gate", "--latest", "3"])
        .ends(2, &["--latest 3", "2 migrations"]);
    folder
        .migrate(&["gate", "--latest", "1", "--base", "main"])
        .ends(2, &["cannot be used with"]);
}

#[test]
fn git_that_is_not_installed_is_told() {
    let mut repository = two();
    repository.set("PATH", "/nowhere");
    repository
        .migrate(&["lint"])
        .ends(3, &["git is not installed", "--latest N"]);
    lint(&repository, &["--latest", "0"]).ends(0, &[]);
}

#[test]
fn a_repository_without_a_commit_has_no_base() {
    let repository = TestRepository::new();
    repository.migration(FIRST, "CREATE TABLE users (id bigint);");
    repository.hash();
    repository
        .migrate(&["lint"])
        .ends(3, &["no commit yet", "--latest N"]);
}

#[test]
fn a_base_branch_that_does_not_exist_names_those_that_do() {
    let repository = two();
    repository.migrate(&["gate", "--base", "mian"]).ends(
        3,
        &[
            "no base branch `mian`",
            "`main`, `work`",
            "git fetch origin mian",
        ],
    );
    repository.git(&["branch", "-m", "main", "trunk"]);
    repository
        .migrate(&["gate"])
        .ends(3, &["origin/HEAD, origin/main", "`trunk`", "base-branch"]);
    repository.write("migrate.toml", "base-branch = \"trunk\"\n");
    check_new(&lint(&repository, &[]), "trunk", &[]);
    // What looks like an option is a name.
    repository
        .migrate(&["lint", "--base=--all"])
        .ends(3, &["no base branch `--all`"]);
}

#[test]
fn a_configured_base_branch_is_that_of_origin() {
    let origin = two();
    let clone = TestRepository::clone_of(&origin, &["--branch", "main"]);
    clone.write("migrate.toml", "base-branch = \"main\"\n");
    check_new(&lint(&clone, &[]), "origin/main", &[]);
    check_new(&lint(&clone, &["--base", "main"]), "main", &[]);
    check_new(&lint(&clone, &["--base", "work"]), "origin/work", &[]);
}

#[test]
fn a_shallow_clone_asks_for_the_history() {
    let origin = two();
    origin.migration(THIRD, "CREATE TABLE tags (id bigint);");
    origin.hash();
    origin.commit("third");
    origin.git(&["checkout", "-q", "main"]);
    let one = ["--depth", "1", "--branch", "work"];
    let clone = TestRepository::clone_of(&origin, &one);
    clone
        .migrate(&["gate"])
        .ends(3, &["no base branch", "fetch-depth: 0"]);
    let all = ["--depth", "1", "--branch", "work", "--no-single-branch"];
    let clone = TestRepository::clone_of(&origin, &all);
    clone.migrate(&["gate"]).ends(
        3,
        &["this clone is shallow", "fetch-depth: 0", "--unshallow"],
    );
    clone.git(&["fetch", "-q", "--unshallow", "origin"]);
    check_new(
        &lint(&clone, &["--base", "origin/main"]),
        "origin/main",
        &[THIRD],
    );
}

#[test]
fn branches_without_a_common_commit_are_told() {
    let repository = two();
    repository.git(&["checkout", "-q", "--orphan", "island"]);
    repository.commit("alone");
    repository
        .migrate(&["lint"])
        .ends(3, &["have no commit in common", "--base"]);
}

#[test]
fn a_bare_repository_has_no_working_tree() {
    let bare = TestRepository::clone_of(&two(), &["--bare"]);
    bare.migrate(&["lint"])
        .ends(3, &["without a working tree", "--latest N"]);
}

/// `work` adds the third file, `main` the fourth; both touch the sum.
fn diverged() -> TestRepository {
    let repository = two();
    repository.migration(THIRD, "CREATE TABLE tags (id bigint);");
    repository.hash();
    repository.commit("third");
    repository.git(&["checkout", "-q", "main"]);
    repository.migration(
        "20260102120000_theirs.sql",
        "CREATE TABLE notes (id bigint);",
    );
    repository.hash();
    repository.commit("theirs");
    repository.git(&["checkout", "-q", "work"]);
    repository
}

#[test]
fn what_an_unfinished_merge_brings_in_is_not_new() {
    let repository = diverged();
    let merge = Ran::of(repository.command("git").args(["merge", "-q", "main"]));
    assert_ne!(merge.code, 0, "the sums conflict");
    repository.hash();
    let ran = lint(&repository, &[]).ends(0, &[]);
    check_new(&ran, "main", &[THIRD]);
}

#[test]
fn in_an_unfinished_rebase_the_current_commit_counts() {
    let repository = diverged();
    let rebase = Ran::of(repository.command("git").args(["rebase", "-q", "main"]));
    assert_ne!(rebase.code, 0, "the sums conflict");
    repository.hash();
    let ran = lint(&repository, &[]).ends(0, &[]);
    check_new(&ran, "main", &[THIRD]);
}

#[test]
fn line_ends_that_only_git_changes_are_no_edit() {
    let repository = TestRepository::new();
    repository.write(".gitattributes", "*.sql text eol=crlf\n");
    repository.migration(FIRST, "CREATE TABLE users (\r\n    id bigint\r\n);\r\n");
    repository.hash();
    repository.commit("base");
    repository.git(&["checkout", "-q", "-b", "work"]);
    let committed = repository.git(&["show", &format!("HEAD:migrations/{FIRST}")]);
    assert!(!committed.contains('\r'), "git keeps it without");
    assert_eq!(lint(&repository, &[]).ends(0, &[]).codes(), [""; 0]);
    // One that is edited as well is edited.
    repository.migration(FIRST, "CREATE TABLE users (\r\n    id int\r\n);\r\n");
    repository.hash();
    assert_eq!(lint(&repository, &[]).codes(), ["H002"]);
}

#[test]
fn a_directory_that_is_not_intact_is_told_as_such() {
    let repository = two();
    repository.migration(FIRST, "CREATE TABLE people (id bigint);\n");
    let ran = lint(&repository, &[]);
    assert_eq!(
        (ran.code, ran.codes()),
        (11, vec!["D005".to_owned(), "H002".to_owned()])
    );
}

#[test]
fn a_directory_that_the_base_does_not_have_is_all_new() {
    let repository = TestRepository::new();
    repository.commit("nothing yet");
    repository.git(&["checkout", "-q", "-b", "work"]);
    repository.migration(FIRST, "CREATE TABLE users (id bigint);");
    repository.hash();
    check_new(&lint(&repository, &[]).ends(0, &[]), "main", &[FIRST]);
}

#[test]
fn a_directory_that_was_moved_keeps_its_history() {
    let repository = two();
    repository.git(&["mv", "migrations", "db"]);
    repository.write("migrate.toml", "dir = \"db\"\n");
    let ran = lint(&repository, &[]).ends(0, &["the migrations were in `migrations`"]);
    check_new(&ran, "main", &[]);
    repository.write(
        "db/20260103000000_third.sql",
        "CREATE TABLE tags (id bigint);",
    );
    repository.hash_in("db");
    check_new(&lint(&repository, &[]), "main", &[THIRD]);
}

#[test]
fn worktrees_submodules_and_hooks_are_repositories_too() {
    let repository = two();
    let mut tree = TestRepository::folder();
    tree.migration("x", "");
    let path = tree.root().join("tree");
    repository.git(&["worktree", "add", "-q", path.as_str(), "-b", "second"]);
    tree.write(
        &format!("tree/migrations/{THIRD}"),
        "CREATE TABLE tags (id bigint);",
    );
    tree.hash_in("tree/migrations");
    // As a hook of git would be called.
    tree.set("GIT_DIR", ".git");
    let ran = tree.migrate(&["lint", "--json", "--dir", "tree/migrations"]);
    check_new(&ran.ends(0, &[]), "main", &[THIRD]);

    let outer = TestRepository::new();
    let url = format!("file://{}", repository.root());
    let allow = "protocol.file.allow=always";
    outer.git(&[
        "-c",
        allow,
        "submodule",
        "add",
        "-q",
        "-b",
        "main",
        &url,
        "db",
    ]);
    outer.commit("with a submodule");
    outer.write(
        &format!("db/migrations/{THIRD}"),
        "CREATE TABLE tags (id bigint);",
    );
    outer.hash_in("db/migrations");
    let ran = outer.migrate(&["lint", "--json", "--dir", "db/migrations"]);
    let base = ran.json()["base"].as_str().unwrap().to_owned();
    check_new(&ran.ends(0, &[]), &base, &[THIRD]);
    assert!(base.starts_with("origin/"), "{base}");
}

#[test]
fn a_name_that_is_not_utf_8_is_told() {
    let repository = two();
    repository.git(&["checkout", "-q", "main"]);
    let name = std::ffi::OsStr::from_bytes(b"20260101000001_\xff.sql");
    let path = repository.path().join("migrations").join(name);
    fs_err::write(&path, "SELECT 1;").unwrap();
    repository.commit("odd");
    fs_err::remove_file(&path).unwrap();
    repository
        .migrate(&["lint"])
        .ends(3, &["20260101000001_\u{fffd}.sql", "is not UTF-8"]);
}

#[test]
fn the_queries_of_the_previous_release_are_those_of_the_base() {
    let repository = TestRepository::new();
    repository.write("Cargo.toml", "[workspace]\n");
    repository.write("app/Cargo.toml", "[package]\nname = \"app\"\n");
    repository.write(
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"sqlx\"\nversion = \"0.9.1\"\n",
    );
    repository.write("app/migrations/1_a.sql", "CREATE TABLE users (id bigint);");
    repository.hash_in("app/migrations");
    repository.write(".sqlx/query-1.json", "{}");
    repository.write("app/.sqlx/query-2.json", "{}");
    repository.write("app/.sqlx/other.json", "{}");
    repository.commit("base");
    repository.git(&["tag", "v1"]);
    fs_err::remove_dir_all(repository.root().join("app/.sqlx")).unwrap();
    repository.write(".sqlx/query-3.json", "{}");
    repository.commit("queries");
    repository.git(&["checkout", "-q", "-b", "work"]);
    repository.git(&["rm", "-rq", ".sqlx"]);
    let gate = |more: &[&str]| {
        let all = ["gate", "--json", "--manifest-path", "app/Cargo.toml"];
        let ran = repository.migrate(&[&all, more].concat()).ends(0, &[]);
        ran.json()["release"].clone()
    };
    assert_eq!(
        gate(&[]),
        serde_json::json!({"queries": 2, "sqlx": "0.9.1"})
    );
    // With a tag it is what was there.
    assert_eq!(gate(&["--previous-tag", "v1"])["queries"], 2);
    repository
        .migrate(&[
            "gate",
            "--manifest-path",
            "app/Cargo.toml",
            "--previous-tag",
            "v2",
        ])
        .ends(3, &["no commit or tag `v2`", "fetch-tags"]);
}

#[test]
fn a_thousand_files_are_compared_at_once() {
    let repository = TestRepository::new();
    for number in 0..1000 {
        let name = format!("2026{number:04}000000_file.sql");
        repository.migration(&name, &format!("CREATE TABLE t{number} (id bigint);\n"));
    }
    repository.hash();
    repository.commit("base");
    repository.git(&["checkout", "-q", "-b", "work"]);
    let ran = lint(&repository, &[]).ends(0, &[]);
    assert_eq!(ran.json()["new"], serde_json::json!([]));
}
