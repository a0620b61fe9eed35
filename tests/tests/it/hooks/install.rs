//! How hooks come in, whoever runs them, and go out again to the byte.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;

use integration_tests::package::with_binary;
use integration_tests::repository::{Ran, TestRepository};

use super::{FIRST, git, hook, hooked, script};

/// A repository with a migration, and our binary on the path.
fn repository() -> TestRepository {
    let mut repository =
        TestRepository::with_migrations(&[(FIRST, "CREATE TABLE users (id bigint);\n")]);
    with_binary(&mut repository);
    repository
}

/// Everything below a folder: mode, and bytes or where it points to.
fn snapshot(repository: &TestRepository, folder: &str) -> BTreeMap<String, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![repository.root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir_utf8().into_iter().flatten() {
            let path = entry.unwrap().into_path();
            let metadata = path.symlink_metadata().unwrap();
            if metadata.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = if metadata.is_symlink() {
                path.read_link_utf8().unwrap().into_string().into_bytes()
            } else {
                fs_err::read(&path).unwrap()
            };
            found.insert(path.into_string(), (metadata.permissions().mode(), bytes));
        }
    }
    found
}

/// Makes a hook of somebody else's.
type Make<'a> = &'a dyn Fn(&TestRepository);

/// Installs twice, and takes out: everything in these folders is as it was.
#[track_caller]
fn in_and_out(
    repository: &TestRepository,
    folder: &str,
    arguments: &[&str],
    between: impl FnOnce(),
) {
    let before = snapshot(repository, folder);
    let install = [&["hooks", "install"], arguments].concat();
    let dry = [&install[..], &["--dry-run"]].concat();
    repository.migrate(&dry).ends(0, &["nothing was changed"]);
    assert_eq!(snapshot(repository, folder), before);
    repository.migrate(&install).ends(0, &[]);
    let with = snapshot(repository, folder);
    assert_ne!(with, before);
    repository.migrate(&install).ends(0, &["Unchanged"]);
    assert_eq!(snapshot(repository, folder), with);
    between();
    repository.migrate(&["hooks", "uninstall"]).ends(0, &[]);
    assert_eq!(snapshot(repository, folder), before);
    repository
        .migrate(&["hooks", "uninstall"])
        .ends(0, &["Unchanged"]);
}

/// The hooks are in: a migration that no line vouches for cannot be committed.
#[track_caller]
fn check_works(repository: &TestRepository) {
    repository.migration("20260109000000_unhashed.sql", "SELECT 1;\n");
    repository.git(&["add", "migrations"]);
    git(repository, &["commit", "-m", "x"])
        .ends(1, &["20260109000000_unhashed.sql", "cargo migrate hash"]);
    repository.git(&["rm", "-qf", "migrations/20260109000000_unhashed.sql"]);
}

#[test]
fn into_a_repository_without_hooks() {
    let repository = repository();
    in_and_out(&repository, ".git/hooks", &[], || check_works(&repository));
    assert!(
        repository
            .git(&["config", "--list"])
            .lines()
            .all(|line| !line.contains("cargo-migrate"))
    );
}

#[test]
fn the_merge_driver_and_the_attributes_come_with_them() {
    let repository = repository();
    repository.write("migrations/.gitattributes", "*.md text");
    repository.migrate(&["hooks", "install"]).ends(0, &[]);
    let driver = repository.git(&["config", "merge.cargo-migrate.driver"]);
    assert!(
        driver.ends_with("cargo-migrate hooks merge %O %A %B %P"),
        "{driver}"
    );
    assert!(
        !repository
            .git(&["config", "merge.cargo-migrate.name"])
            .is_empty()
    );
    assert!(
        repository
            .read("migrations/.gitattributes")
            .starts_with("*.md text\n*.sql -text\n")
    );
    let attribute = |path: &str, name: &str| {
        let told = repository.git(&["check-attr", name, "--", path]);
        told.rsplit(' ').next().unwrap().to_owned()
    };
    assert_eq!(attribute("migrations/atlas.sum", "merge"), "cargo-migrate");
    assert_eq!(attribute("migrations/atlas.sum", "text"), "unset");
    assert_eq!(attribute("migrations/1_a.sql", "text"), "unset");
    assert_eq!(attribute("migrations/migrate.touched", "merge"), "union");
    // They belong to the migrations.
    repository.migrate(&["hooks", "uninstall"]).ends(0, &[]);
    assert!(
        repository
            .read("migrations/.gitattributes")
            .contains("atlas.sum")
    );
    let gone = git(&repository, &["config", "merge.cargo-migrate.driver"]);
    assert_eq!(gone.code, 1);
}

#[test]
fn a_script_that_is_there_runs_after_ours() {
    for text in [
        "#!/bin/sh\necho theirs >>ran\nexit 0\n",
        "#!/usr/bin/env bash\nset -euo pipefail\necho theirs >>ran",
        "echo theirs >>ran\n",
    ] {
        let repository = repository();
        script(&repository, &hook("pre-commit"), text);
        in_and_out(&repository, ".git/hooks", &[], || {
            check_works(&repository);
            assert!(!repository.root().join("ran").exists());
            repository.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
            assert_eq!(repository.read("ran"), "theirs\n");
        });
    }
}

#[test]
fn what_cannot_take_lines_is_refused_and_kept_by_force() {
    let python = "#!/usr/bin/env python3\nopen('ran', 'a').write('theirs\\n')\n";
    let cases: [(&str, Make<'_>, &str, bool); 5] = [
        (
            "python",
            &|it| script(it, &hook("pre-commit"), python),
            "script for python3",
            true,
        ),
        (
            "link",
            &|it| {
                script(it, "theirs.sh", "#!/bin/sh\necho theirs >>ran\n");
                std::os::unix::fs::symlink("../../theirs.sh", it.root().join(hook("pre-commit")))
                    .unwrap();
            },
            "symbolic link to ../../theirs.sh",
            true,
        ),
        (
            "CRLF",
            &|it| script(it, &hook("pre-commit"), "#!/bin/sh\r\nexit 0\r\n"),
            "CRLF",
            false,
        ),
        (
            "mode",
            &|it| it.write(&hook("pre-commit"), "#!/bin/sh\necho theirs >>ran\n"),
            "is not executable",
            false,
        ),
        (
            "binary",
            &|it| {
                let program = fs_err::read("/bin/true").unwrap();
                it.write(&hook("pre-commit"), program);
                let path = it.root().join(hook("pre-commit"));
                fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
            },
            "is a program",
            false,
        ),
    ];
    for (name, make, why, runs) in cases {
        let repository = repository();
        make(&repository);
        let before = snapshot(&repository, ".git/hooks");
        let advice = "cargo migrate hooks run pre-commit";
        repository
            .migrate(&["hooks", "install"])
            .ends(3, &[why, advice, "--force"]);
        assert_eq!(snapshot(&repository, ".git/hooks"), before, "{name}");
        if name == "CRLF" {
            // A shell that cannot be found is no hook that could be run after ours.
            continue;
        }
        in_and_out(&repository, ".git/hooks", &["--force"], || {
            check_works(&repository);
            repository.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
            assert_eq!(repository.root().join("ran").exists(), runs, "{name}");
        });
    }
}

#[test]
fn a_folder_of_the_repository_is_edited_in_place() {
    let repository = repository();
    repository.git(&["config", "core.hooksPath", ".githooks"]);
    script(
        &repository,
        ".githooks/pre-push",
        "#!/bin/bash\ncat >pushed\n",
    );
    in_and_out(&repository, ".githooks", &[], || check_works(&repository));
    assert!(!repository.root().join(hook("pre-commit")).exists());
    repository
        .migrate(&["hooks", "install"])
        .ends(0, &[".githooks is part of the repository: commit it"]);
}

#[test]
fn husky_runs_its_own_files() {
    let repository = repository();
    repository.git(&["config", "core.hooksPath", ".husky/_"]);
    // As husky 9 writes them, shortened.
    let stub = "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"\n";
    for name in ["pre-commit", "pre-push"] {
        script(&repository, &format!(".husky/_/{name}"), stub);
    }
    repository.write(
        ".husky/_/h",
        "n=$(basename \"$0\")\ns=$(dirname \"$(dirname \"$0\")\")/$n\n[ ! -f \"$s\" ] && exit 0\nsh -e \"$s\" \"$@\"\nexit $?\n",
    );
    repository.write(".husky/pre-commit", "echo theirs >>ran");
    in_and_out(&repository, ".husky", &[], || {
        check_works(&repository);
        repository.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
        assert_eq!(repository.read("ran"), "theirs\n");
    });
}

#[test]
fn a_folder_that_other_repositories_share_acts_only_where_it_is_wanted() {
    let shared = TestRepository::folder();
    let ours = repository();
    let other = repository();
    for it in [&ours, &other] {
        it.git(&["config", "core.hooksPath", shared.root().as_str()]);
    }
    ours.migrate(&["hooks", "install"])
        .ends(0, &["serves other repositories too"]);
    ours.migrate(&["hooks", "install"]).ends(0, &["Unchanged"]);
    check_works(&ours);
    other.migration("20260109000000_unhashed.sql", "SELECT 1;\n");
    other.commit("nobody looks");
    other.migrate(&["hooks", "install"]).ends(0, &[]);
    ours.migrate(&["hooks", "uninstall"])
        .ends(0, &["serves other repositories too"]);
    assert_eq!(shared.root().read_dir_utf8().unwrap().count(), 0);
}

#[test]
fn hooks_that_are_switched_off_are_told() {
    let repository = repository();
    repository.git(&["config", "core.hooksPath", "/dev/null"]);
    repository
        .migrate(&["hooks", "install"])
        .ends(3, &["/dev/null", "git config --unset core.hooksPath"]);
}

#[test]
fn the_pre_commit_framework_gets_an_entry() {
    let repository = repository();
    let text = "# ours\nrepos:\n  # lints\n  - repo: https://example.org/a\n    rev: v1\n    hooks: [{id: x}] # all\n";
    repository.write(".pre-commit-config.yaml", text);
    let told = repository.migrate(&["hooks", "install"]);
    told.ends(
        0,
        &[
            "Edited",
            ".pre-commit-config.yaml",
            "pre-commit install --hook-type pre-commit --hook-type pre-push",
        ],
    );
    let with = repository.read(".pre-commit-config.yaml");
    assert!(with.contains("      - id: x") || with.contains("hooks: [{id: x}] # all"));
    let document: serde_yaml_ng::Value = serde_yaml_ng::from_str(&with).unwrap();
    assert_eq!(document["repos"][0]["repo"], "local");
    assert_eq!(
        document["repos"][0]["hooks"][0]["entry"],
        "cargo migrate hooks run pre-commit"
    );
    assert_eq!(document["repos"][0]["hooks"][1]["stages"][0], "pre-push");
    assert_eq!(document["repos"][1]["rev"], "v1");
    assert!(!repository.root().join(hook("pre-commit")).exists());
    repository
        .migrate(&["hooks", "install"])
        .ends(0, &["Unchanged"]);
    repository.migrate(&["hooks", "uninstall"]).ends(0, &[]);
    assert_eq!(repository.read(".pre-commit-config.yaml"), text);
    // What lines cannot be added to is told, with what to add.
    repository.write(".pre-commit-config.yaml", "repos: []\n");
    repository.migrate(&["hooks", "install"]).ends(
        3,
        &[
            "is not edited",
            "- repo: local",
            "entry: cargo migrate hooks run pre-push",
        ],
    );
    assert_eq!(repository.read(".pre-commit-config.yaml"), "repos: []\n");
}

#[test]
fn lefthook_gets_commands() {
    let repository = repository();
    let text =
        "pre-commit:\n  parallel: true\n  commands:\n    lint:\n      run: npm run lint # all\n";
    repository.write(".lefthook.yml", text);
    repository
        .migrate(&["hooks", "install"])
        .ends(0, &["lefthook install"]);
    let with = repository.read(".lefthook.yml");
    let document: serde_yaml_ng::Value = serde_yaml_ng::from_str(&with).unwrap();
    let commands = &document["pre-commit"]["commands"];
    assert_eq!(commands["lint"]["run"], "npm run lint");
    assert_eq!(
        commands["cargo-migrate"]["run"],
        "cargo migrate hooks run pre-commit"
    );
    assert_eq!(
        document["pre-push"]["commands"]["cargo-migrate"]["use_stdin"],
        true
    );
    repository
        .migrate(&["hooks", "install"])
        .ends(0, &["Unchanged"]);
    repository.migrate(&["hooks", "uninstall"]).ends(0, &[]);
    assert_eq!(repository.read(".lefthook.yml"), text);
    fs_err::remove_file(repository.root().join(".lefthook.yml")).unwrap();
    repository.write("lefthook.toml", "[pre-commit]\nparallel = true\n");
    repository.migrate(&["hooks", "install"]).ends(
        3,
        &[
            "lefthook.toml is not edited",
            "cargo migrate hooks run pre-push",
        ],
    );
}

#[test]
fn two_projects_of_a_repository_have_blocks_of_their_own() {
    let mut repository = TestRepository::new();
    with_binary(&mut repository);
    for folder in ["services/a b", "services/shop"] {
        repository.write(&format!("{folder}/Cargo.toml"), "[package]\nname = \"x\"\n");
        repository.write(
            &format!("{folder}/migrations/{FIRST}"),
            "CREATE TABLE users (id bigint);\n",
        );
        repository.hash_in(&format!("{folder}/migrations"));
    }
    repository.commit("base");
    let manage = |what: &str, folder: &str| {
        let manifest = format!("{folder}/Cargo.toml");
        repository.migrate(&["hooks", what, "--manifest-path", &manifest])
    };
    manage("install", "services/a b").ends(0, &[]);
    let one = repository.read(&hook("pre-commit"));
    manage("install", "services/shop").ends(0, &[]);
    repository.commit("attributes");
    for folder in ["services/a b", "services/shop"] {
        manage("install", folder).ends(0, &["Unchanged"]);
        repository.write(&format!("{folder}/migrations/{FIRST}"), "SELECT 1;\n");
        repository.git(&["add", "-A"]);
        let path = format!("{folder}/migrations/{FIRST}");
        git(&repository, &["commit", "-m", "x"]).ends(1, &[&path]);
        repository.git(&["reset", "-q", "--hard"]);
    }
    manage("uninstall", "services/shop").ends(0, &[]);
    assert_eq!(repository.read(&hook("pre-commit")), one);
    manage("uninstall", "services/a b").ends(0, &[]);
    assert!(!repository.root().join(hook("pre-commit")).exists());
}

#[test]
fn in_a_worktree_and_in_a_submodule() {
    let ours = repository();
    let tree = TestRepository::folder();
    let path = tree.root().join("tree");
    ours.git(&["worktree", "add", "-q", path.as_str(), "main"]);
    ours.migrate(&["hooks", "install"]).ends(0, &[]);
    let inside =
        |arguments: &[&str]| Ran::of(ours.command("git").current_dir(&path).args(arguments));
    fs_err::write(path.join("migrations/20260109000000_x.sql"), "SELECT 1;\n").unwrap();
    inside(&["add", "-A"]).ends(0, &[]);
    inside(&["commit", "-m", "x"]).ends(1, &["20260109000000_x.sql"]);
    inside(&["commit", "-am", "x"]).ends(1, &["20260109000000_x.sql"]);

    let mut outer = TestRepository::new();
    with_binary(&mut outer);
    let url = format!("file://{}", ours.root());
    outer.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        &url,
        "sub",
    ]);
    outer.commit("sub");
    let sub = outer.root().join("sub");
    let migrate = |arguments: &[&str]| {
        let binary = integration_tests::project::cargo_migrate();
        Ran::of(outer.command(binary).current_dir(&sub).args(arguments))
    };
    migrate(&["hooks", "install"]).ends(0, &[]);
    assert!(
        outer
            .root()
            .join(".git/modules/sub/hooks/pre-commit")
            .exists()
    );
    assert!(!outer.root().join(hook("pre-commit")).exists());
    fs_err::write(sub.join("migrations/20260109000000_x.sql"), "SELECT 1;\n").unwrap();
    let inside =
        |arguments: &[&str]| Ran::of(outer.command("git").current_dir(&sub).args(arguments));
    inside(&["add", "-A"]).ends(0, &[]);
    inside(&["commit", "-m", "x"]).ends(1, &["20260109000000_x.sql"]);
}

#[test]
fn without_our_program_the_hook_says_what_to_do() {
    let mut repository = hooked();
    repository.set("PATH", "/usr/bin:/bin");
    repository.set("HOME", repository.root().as_str().to_owned());
    repository.set("CARGO_HOME", "");
    git(&repository, &["commit", "--allow-empty", "-m", "x"]).ends(
        1,
        &[
            "cargo-migrate is not installed",
            "cargo install cargo-migrate",
            "git commit --no-verify",
        ],
    );
    git(
        &repository,
        &["commit", "--allow-empty", "--no-verify", "-m", "x"],
    )
    .ends(0, &[]);
    // Where cargo installs programs it is found, even if the PATH does not say so.
    let bin = repository.root().join(".cargo/bin");
    fs_err::create_dir_all(&bin).unwrap();
    std::os::unix::fs::symlink(
        integration_tests::project::cargo_migrate(),
        bin.join("cargo-migrate"),
    )
    .unwrap();
    git(&repository, &["commit", "--allow-empty", "-m", "x"]).ends(0, &[]);
}

#[test]
fn a_block_without_its_end_is_told() {
    let repository = repository();
    script(
        &repository,
        &hook("pre-push"),
        "#!/bin/sh\n# >>> cargo-migrate >>>\necho\n",
    );
    for what in ["install", "uninstall"] {
        repository
            .migrate(&["hooks", what])
            .ends(3, &["pre-push: line 2 begins a block", "by hand"]);
    }
}

#[test]
fn outside_of_a_repository_there_are_no_hooks() {
    let folder = TestRepository::folder();
    folder
        .migrate(&["hooks", "install"])
        .ends(3, &["is in no git repository"]);
}

#[test]
fn init_writes_the_attributes_too() {
    let repository = TestRepository::new();
    repository.write("Cargo.toml", "[package]\nname = \"x\"\n");
    repository
        .migrate(&["init", "--no-example"])
        .ends(0, &["migrations/.gitattributes"]);
    assert_eq!(
        repository.read("migrations/.gitattributes"),
        "*.sql -text\natlas.sum -text merge=cargo-migrate\nmigrate.* -text merge=union\n"
    );
    repository
        .migrate(&["init", "--no-example"])
        .ends(0, &["Unchanged"]);
}
