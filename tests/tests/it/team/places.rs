//! Clones, worktrees, submodules, and base branches that are somewhere else.

use integration_tests::postgres::TestDatabase;

use super::harness::{BASE, Edit, Situations, Team, all};

use Edit::{Column, Table};

const REBASE: &[&str] = &["cargo migrate rebase"];

/// `main` has gone on with a newer migration than the one that `work`, checked out, has made.
fn behind(team: &Team) {
    team.step("20250201", Table("a", "posts"));
    team.on("main").step("20250301", Table("b", "tags"));
    team.on("work");
}

/// Enters a clone of the repository, made with these arguments, in which `work` is checked out.
fn cloned(team: &Team, arguments: &str) {
    let there = format!("{}-clone", team.folder());
    team.on("main");
    let line = format!(
        "rm -rf {there} && git clone -q {arguments} file://{} {there}",
        team.folder()
    );
    team.sh(&line, 0);
    team.enter(there);
}

const SITUATIONS: Situations = &[
    ("a clone, where only origin has the base branch", |team| {
        behind(team);
        cloned(team, "-b work");
        team.told("lint", 10, &["H001", "20250201000000_create_posts.sql"]);
        team.mended_against(
            "origin/main",
            &["git merge origin/main", "cargo migrate rebase"],
        );
    }),
    ("a shallow clone", |team| {
        behind(team);
        cloned(team, "-b work --depth 1 --no-single-branch");
        team.told("lint", 3, &["shallow", "git fetch --unshallow origin"]);
        team.mended_against(
            "origin/main",
            &[
                "git fetch --unshallow origin",
                "git merge origin/main",
                "cargo migrate rebase",
            ],
        );
    }),
    ("a worktree in the middle of a merge", |team| {
        behind(team);
        let there = format!("{}-tree", team.folder());
        team.on("main").sh(
            &format!("rm -rf {there}; git worktree prune; git worktree add -q {there} work"),
            0,
        );
        team.enter(there);
        team.conflict("merge main");
        team.told("validate", 11, &["D002", "line 1 of atlas.sum"]);
        team.mended_by(REBASE);
    }),
    ("a submodule", |team| {
        behind(team);
        team.on("main");
        let outer = format!("{}-outer", team.folder());
        team.sh(
            &format!(
                "rm -rf {outer} && git init -q -b main {outer} && cd {outer} && git commit -q --allow-empty -m outer \
                 && git -c protocol.file.allow=always submodule --quiet add -b work file://{} inner && git commit -q -m inner",
                team.folder()
            ),
            0,
        );
        team.enter(format!("{outer}/inner"));
        team.told("lint", 10, &["H001", "20250201000000_create_posts.sql"]);
        team.mended_against(
            "origin/main",
            &["git merge origin/main", "cargo migrate rebase"],
        );
    }),
    ("a detached HEAD", |team| {
        behind(team);
        team.git("checkout -q --detach");
        team.conflict("merge main");
        team.told("validate", 11, &["D002", "line 1 of atlas.sum"]);
        team.mended_by(REBASE);
    }),
    ("the base branch is called otherwise", |team| {
        behind(team);
        team.git("branch -q -m main trunk");
        team.told("lint", 3, &["trunk", "--base"]);
        team.write("migrate.toml", "base-branch = \"trunk\"\n");
        team.commit("configured");
        team.told("lint", 10, &["H001", "20250201000000_create_posts.sql"]);
        team.mended_against("trunk", &["git merge trunk", "cargo migrate rebase"]);
    }),
    (
        "the base branch was deleted here, and origin has it",
        |team| {
            team.step("20250201", Table("a", "posts"));
            cloned(team, "-b work");
            team.git("remote set-head origin -d");
            team.change_migration(BASE, |text| format!("{text}SELECT 1;\n"));
            team.told("validate", 11, &["D005", BASE, "line 2"]);
            team.mended_against("origin/main", REBASE);
        },
    ),
    ("the crate is not at the top of the repository", |team| {
        team.sh("mkdir app && git mv src migrations Cargo.toml Cargo.lock app && git commit -q -m moved", 0);
        team.git("branch -q -f main");
        team.enter(team.path("app"));
        team.step("20250201", Column("a", "age"));
        team.on("main").step("20250301", Column("b", "size"));
        team.on("work").conflict("merge main");
        team.told("validate", 11, &["D002", "line 1 of atlas.sum"]);
        team.mended_by(REBASE);
    }),
    ("the crate has moved on this branch", |team| {
        team.step("20250201", Column("a", "age"));
        team.sh("mkdir app && git mv src migrations Cargo.toml Cargo.lock app && git commit -q -m moved", 0);
        team.enter(team.path("app"));
        team.change_migration(BASE, |text| format!("{text}SELECT 1;\n"));
        team.told("validate", 11, &["D005", BASE, "line 2"]);
        team.mended_by(REBASE);
    }),
    ("a file that a database has applied", |team| {
        let name = team.step("20250201", Table("a", "posts"));
        let database = Server::new();
        team.migrate(&format!("apply --url {}", database.url))
            .ends(0, &[]);
        team.change_migration(&name, |text| format!("{text}-- better\n"));
        team.told("validate", 11, &["D005", &name, "line 3"]);
        let refused = format!("hash --url {}", database.url);
        team.migrate(&refused).ends(11, &[&name, "is applied on"]);
        team.migrate(&format!("rm {name} --url {}", database.url))
            .ends(11, &[&name, "is applied on"]);
        team.git("checkout -q -- migrations");
        team.good();
    }),
    (
        "a branch whose migrations a database has applied, when main has gone on",
        |team| {
            behind(team);
            let database = Server::new();
            team.migrate(&format!("apply --url {}", database.url))
                .ends(0, &[]);
            team.conflict("merge main");
            let line = format!("rebase --url {}", database.url);
            team.migrate(&line)
                .ends(11, &["20250201000000_create_posts.sql", "is applied on"]);
            team.mended_by(REBASE);
        },
    ),
];

/// A database, for a thread without a runtime of its own.
struct Server {
    url: String,
    _runtime: tokio::runtime::Runtime,
    _database: TestDatabase,
}

impl Server {
    fn new() -> Self {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().unwrap();
        let database = runtime.block_on(TestDatabase::new());
        Self {
            url: database.url(),
            _runtime: runtime,
            _database: database,
        }
    }
}

#[test]
fn places_to_work_in() {
    all("team-places", SITUATIONS);
}
