//! What is not pushed: only git's objects are looked at.

use integration_tests::repository::{Ran, TestRepository};

use super::{FIRST, SECOND, THIRD, git, hook, hooked, script, third};

/// A repository with the hooks, and where it pushes to, which has `main`.
fn cloned() -> (TestRepository, TestRepository) {
    let repository = hooked();
    repository.git(&["branch", "-qf", "main", "work"]);
    let remote = TestRepository::folder();
    remote.git(&["init", "-q", "--bare", "-b", "main", "."]);
    repository.git(&["remote", "add", "origin", remote.root().as_str()]);
    push(&repository, &["main"]).ends(0, &[]);
    (repository, remote)
}

fn push(repository: &TestRepository, references: &[&str]) -> Ran {
    git(repository, &[&["push", "origin"], references].concat())
}

/// Commits everything, whatever is wrong with it.
fn commit(repository: &TestRepository) {
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-qnm", "x"]);
}

#[test]
fn a_branch_in_order_is_pushed() {
    let (repository, _remote) = cloned();
    third(&repository);
    commit(&repository);
    push(&repository, &["work"]).ends(0, &[]);
    push(&repository, &["work:main"]).ends(0, &[]);
    // What is on disk does not matter.
    repository.migration(FIRST, "broken");
    repository.git(&["commit", "-qn", "--allow-empty", "-m", "x"]);
    push(&repository, &["work"]).ends(0, &[]);
}

#[test]
fn a_broken_chain_is_not_pushed() {
    let (repository, remote) = cloned();
    repository.migration(THIRD, "CREATE TABLE tags (id bigint);\n");
    commit(&repository);
    let short = repository.git(&["rev-parse", "--short=7", "HEAD"]);
    push(&repository, &["work"]).ends(
        1,
        &[
            THIRD,
            &format!("`work` ({short})"),
            "cargo migrate hash",
            "push again",
        ],
    );
    repository.hash();
    // Right on disk, wrong in the commit.
    push(&repository, &["work"]).ends(1, &[THIRD]);
    assert_eq!(remote.git(&["branch", "--list", "work"]), "");
    commit(&repository);
    push(&repository, &["work"]).ends(0, &[]);
    // From another branch it is still that commit which counts.
    repository.git(&["checkout", "-q", "-b", "other", "main"]);
    repository.git(&["branch", "-f", "work", "work~1"]);
    push(&repository, &["-f", "work"]).ends(1, &[THIRD]);
    push(&repository, &["other"]).ends(0, &[]);
}

#[test]
fn history_and_order_are_kept() {
    let (repository, _remote) = cloned();
    repository.migration(SECOND, "CREATE TABLE posts (id int);\n");
    repository.hash();
    commit(&repository);
    push(&repository, &["work"]).ends(1, &["H002", SECOND, "origin/main", "cargo migrate reset"]);
    // To the base branch itself it is no better.
    push(&repository, &["work:main"]).ends(1, &["H002", SECOND]);
    repository.git(&["reset", "-q", "--hard", "main"]);
    repository.migration("20260101120000_between.sql", "SELECT 1;\n");
    repository.hash();
    commit(&repository);
    push(&repository, &["work"]).ends(1, &["H001", "cargo migrate rebase"]);
    push(&repository, &["work:main"]).ends(1, &["H001"]);
    git(&repository, &["push", "--no-verify", "origin", "work"]).ends(0, &[]);
    // There already, and as it is: no reason to hold up what comes after.
    repository.write("notes.md", "x");
    commit(&repository);
    push(&repository, &["work"]).ends(0, &[]);
}

#[test]
fn own_files_may_change_while_nobody_else_has_them() {
    let (repository, _remote) = cloned();
    third(&repository);
    commit(&repository);
    push(&repository, &["work"]).ends(0, &[]);
    repository.migration(THIRD, "CREATE TABLE tags (id bigint, x int);\n");
    repository.hash();
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-qn", "--amend", "-m", "x"]);
    push(&repository, &["-f", "work"]).ends(0, &[]);
}

#[test]
fn several_at_once_deletions_and_tags() {
    let (repository, remote) = cloned();
    third(&repository);
    commit(&repository);
    repository.git(&["tag", "-m", "x", "good"]);
    repository.migration("20260104000000_x.sql", "SELECT 1;\n");
    commit(&repository);
    repository.git(&["tag", "bad"]);
    repository.git(&["tag", "of-a-file", "HEAD:migrations/atlas.sum"]);
    push(&repository, &["good", "of-a-file"]).ends(0, &[]);
    push(&repository, &["bad", "work"]).ends(1, &["`bad`", "`work`", "20260104000000_x.sql"]);
    push(&repository, &["--delete", "good"]).ends(0, &[]);
    push(
        &repository,
        &["good~1:refs/heads/old", "bad:refs/heads/new"],
    )
    .ends(1, &["20260104000000_x.sql"]);
    assert_eq!(
        remote.git(&["branch", "--list", "--format=%(refname:short)"]),
        "main"
    );
}

#[test]
fn a_hook_that_is_there_reads_the_same_lines() {
    let (repository, _remote) = cloned();
    repository.migrate(&["hooks", "uninstall"]).ends(0, &[]);
    script(
        &repository,
        &hook("pre-push"),
        "#!/bin/sh\necho \"$1\" >pushed\ncat >>pushed\n",
    );
    repository.migrate(&["hooks", "install"]).ends(0, &[]);
    third(&repository);
    commit(&repository);
    push(&repository, &["work", "work:refs/heads/twin"]).ends(0, &[]);
    let said = repository.read("pushed");
    let head = repository.git(&["rev-parse", "HEAD"]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert_eq!(lines[0], "origin");
    assert!(
        lines[1].starts_with(&format!("refs/heads/work {head} refs/heads/")),
        "{said}"
    );
    // Nothing to push is no line, not an empty one.
    push(&repository, &["work"]).ends(0, &[]);
    assert_eq!(repository.read("pushed"), "origin\n");
}

#[test]
fn frameworks_tell_it_by_variables() {
    let (mut repository, _remote) = cloned();
    repository.migration(THIRD, "CREATE TABLE tags (id bigint);\n");
    commit(&repository);
    let (from, to) = (
        repository.git(&["rev-parse", "main"]),
        repository.git(&["rev-parse", "work"]),
    );
    repository.set("PRE_COMMIT_FROM_REF", from.clone());
    repository.set("PRE_COMMIT_TO_REF", to);
    repository.set("PRE_COMMIT_LOCAL_BRANCH", "refs/heads/work");
    repository.set("PRE_COMMIT_REMOTE_BRANCH", "refs/heads/work");
    repository
        .migrate(&["hooks", "run", "pre-push"])
        .ends(11, &["`work`", THIRD]);
    repository.set("PRE_COMMIT_TO_REF", from);
    repository
        .migrate(&["hooks", "run", "pre-push"])
        .ends(0, &[]);
}

#[test]
fn what_git_does_not_say_is_told() {
    let (repository, _remote) = cloned();
    let binary = integration_tests::project::cargo_migrate();
    let line = format!("printf 'refs/heads/work\\n' | {binary} hooks run pre-push");
    Ran::of(repository.command("sh").args(["-c", &line]))
        .ends(2, &["`refs/heads/work` is not what git tells"]);
    let ran = Ran::of(
        repository
            .command(binary)
            .args(["hooks", "run", "pre-push"]),
    );
    ran.ends(0, &[]);
}
