//! `squash`, `rebase` and `reset`: the migrations of a branch, planned anew.

use integration_tests::project::{TestProject, cargo_migrate};
use integration_tests::repository::{Ran, isolate};

/// A crate in a repository: `main` has a table, and a branch `work` is checked out.
struct Team(TestProject);

impl Team {
    fn new(name: &str) -> Self {
        let team = Self(TestProject::package(name, "", &[]));
        team.0.write(".gitignore", "/target\n");
        team.git(&["init", "-q", "-b", "main"]);
        team.structs("pub email: String,", "");
        team.migrate(&["generate", "create_users"]).ends(0, &[]);
        team.commit("base");
        team.git(&["checkout", "-q", "-b", "work"]);
        team
    }

    /// The source: the fields of `users` beside its key, and further items.
    fn structs(&self, fields: &str, more: &str) {
        let text = format!(
            "use schema_core::prelude::*;\n\n\
             #[table(name = \"users\")]\npub struct User {{\n    #[column(primary_key, identity)]\n    pub id: i64,\n{fields}\n}}\n\n{more}\n"
        );
        self.0.write("src/lib.rs", &text);
    }

    #[track_caller]
    fn git(&self, arguments: &[&str]) -> String {
        let ran = self.try_git(arguments);
        assert_eq!(ran.code, 0, "git {arguments:?}: {}{}", ran.out, ran.err);
        ran.out.trim().to_owned()
    }

    fn try_git(&self, arguments: &[&str]) -> Ran {
        let mut command = self.0.command("git");
        isolate(&mut command);
        Ran::of(command.args(arguments))
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    fn migrate(&self, arguments: &[&str]) -> Ran {
        Ran::of(&mut self.0.migrate(arguments))
    }

    /// Name after the version, and text, of every migration.
    fn migrations(&self) -> Vec<(String, String)> {
        let folder = self.0.root().join("migrations");
        let entries = folder
            .read_dir_utf8()
            .unwrap()
            .map(|it| it.unwrap().into_path());
        let mut files: Vec<_> = entries.filter(|it| it.extension() == Some("sql")).collect();
        files.sort();
        let read = files.into_iter().map(|file| {
            let stem = file.file_stem().unwrap();
            let name = stem.split_once('_').map_or("", |(_, name)| name).to_owned();
            (name, fs_err::read_to_string(file).unwrap())
        });
        read.collect()
    }

    fn names(&self) -> Vec<String> {
        self.migrations()
            .into_iter()
            .map(|(name, _)| name)
            .collect()
    }

    /// The directory is intact, in order, and says what the structs say.
    #[track_caller]
    fn good(&self) {
        self.migrate(&["validate"]).ends(0, &[]);
        self.migrate(&["check"]).ends(0, &["Up to date"]);
        self.migrate(&["lint", "--json"]).ends(0, &[]);
    }
}

const POSTS: &str = "#[table(name = \"posts\")]\npub struct Post {\n    #[column(primary_key, identity)]\n    pub id: i64,\n    pub title: String,\n}\n";

#[test]
fn squash_makes_one_of_what_was_generated() {
    let team = Team::new("replan-squash");
    team.structs("pub email: String,", POSTS);
    team.migrate(&["generate", "add_posts"]).ends(0, &[]);
    team.structs("pub email: String,\npub name: Option<String>,", POSTS);
    team.migrate(&["generate", "add_name"]).ends(0, &[]);
    team.structs("pub email: String,\npub full_name: Option<String>,", POSTS);
    team.migrate(&[
        "generate",
        "rename_name",
        "--no-shim",
        "--rename",
        "users.name=full_name",
    ])
    .ends(0, &[]);
    team.commit("three");
    let before = team.migrations();
    let ran = team
        .migrate(&["squash", "--dry-run"])
        .ends(0, &["add_posts.sql", "nothing was written"]);
    assert!(ran.out.contains("full_name"), "{}", ran.out);
    assert_eq!(team.migrations(), before);
    team.migrate(&["squash", "blog"])
        .ends(0, &["Created", "3 migrations become 1"]);
    assert_eq!(team.names(), ["create_users", "blog"]);
    let text = team.migrations().pop().unwrap().1;
    assert!(
        text.contains("ADD COLUMN full_name text") && !text.contains(" name "),
        "{text}"
    );
    team.good();
    team.migrate(&["squash"])
        .ends(0, &["Unchanged", "one migration"]);
    team.migrate(&["undo"]).ends(0, &[]);
    assert_eq!(team.migrations(), before);
}

#[test]
fn squash_knows_what_was_renamed_on_tables_that_others_have() {
    let team = Team::new("replan-squash-renamed");
    team.structs("pub mail: String,", "");
    team.migrate(&[
        "generate",
        "mail",
        "--no-shim",
        "--rename",
        "users.email=mail",
    ])
    .ends(0, &[]);
    team.structs("pub mail: String,\npub age: Option<i32>,", "");
    team.migrate(&["generate", "age"]).ends(0, &[]);
    team.migrate(&["squash"]).ends(0, &[]);
    let text = team.migrations().pop().unwrap().1;
    assert!(text.contains("RENAME COLUMN email TO mail"), "{text}");
    assert!(!text.contains("DROP COLUMN"), "{text}");
    team.migrate(&["check"]).ends(0, &[]);
}

#[test]
fn squash_keeps_the_rows_that_the_structs_declare() {
    let team = Team::new("replan-rows");
    let plans = |rows: &str| {
        format!(
            "#[table(name = \"plans\", rows = [{rows}])]\npub struct Plan {{\n    #[column(primary_key)]\n    pub code: String,\n    pub monthly: i32,\n}}\n"
        )
    };
    team.structs(
        "pub email: String,",
        &plans("{ code: \"free\", monthly: 0 }"),
    );
    team.migrate(&["generate", "add_plans"]).ends(0, &[]);
    team.structs(
        "pub email: String,",
        &plans("{ code: \"free\", monthly: 1 }, { code: \"pro\", monthly: 19 }"),
    );
    team.migrate(&["generate", "pro"]).ends(0, &[]);
    team.migrate(&["squash"])
        .ends(0, &["2 migrations become 1"]);
    let text = team.migrations().pop().unwrap().1;
    assert!(
        text.contains("CREATE TABLE plans") && text.contains("'pro', 19"),
        "{text}"
    );
    team.good();
    team.migrate(&["reset"]).ends(0, &[]);
    team.good();
}

#[test]
fn what_was_written_by_hand_stays_where_it_is() {
    let team = Team::new("replan-by-hand");
    let steps = [
        "pub a: Option<i32>,",
        "pub b: Option<i32>,",
        "pub c: Option<i32>,",
        "pub d: Option<i32>,",
    ];
    let mut fields = "pub email: String,\n".to_owned();
    let data = "UPDATE users SET a = id WHERE id = 1;\n";
    for (at, step) in steps.iter().enumerate() {
        if at == 2 {
            team.0.write("fill.sql", data);
            team.migrate(&["new", "fill", "--from", "fill.sql"])
                .ends(0, &[]);
        }
        fields.push_str(step);
        team.structs(&fields, "");
        team.migrate(&["generate", &format!("step_{at}")])
            .ends(0, &[]);
    }
    team.migrate(&["squash"])
        .ends(0, &["fill.sql was written or edited by hand"]);
    assert_eq!(team.names(), ["create_users", "step", "fill", "step"]);
    assert_eq!(team.migrations()[2].1, data);
    team.good();
    // One step for all, and the data behind it.
    team.migrate(&["reset", "all"])
        .ends(0, &["fill.sql stood between"]);
    assert_eq!(team.names(), ["create_users", "all", "fill"]);
    team.good();
    team.migrate(&["reset", "all"]).ends(0, &[]);
    assert_eq!(team.names(), ["create_users", "all", "fill"]);
}

#[test]
fn rebase_resolves_a_conflict_and_keeps_what_fits() {
    let team = Team::new("replan-rebase");
    team.structs("pub email: String,", POSTS);
    team.migrate(&["generate", "add_posts"]).ends(0, &[]);
    team.commit("posts");
    let ours = team.migrations().pop().unwrap();
    team.git(&["checkout", "-q", "main"]);
    team.structs("pub email: String,\npub age: Option<i32>,", "");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    team.migrate(&["generate", "add_age"]).ends(0, &[]);
    team.commit("age");
    team.git(&["checkout", "-q", "work"]);
    team.migrate(&["rebase"]).ends(
        11,
        &["main has migrations that are not here", "git merge main"],
    );
    let merge = team.try_git(&["merge", "main"]);
    assert_eq!(merge.code, 1, "{}", merge.out);
    team.migrate(&["validate"])
        .ends(11, &["cargo migrate rebase"]);
    // The sources merged by themselves, or by hand.
    team.structs("pub email: String,\npub age: Option<i32>,", POSTS);
    let ran = team
        .migrate(&["rebase"])
        .ends(0, &["Renamed", "git merge --continue"]);
    assert!(!ran.err.contains("planned anew"), "{}", ran.err);
    assert_eq!(team.names(), ["create_users", "add_age", "add_posts"]);
    assert_eq!(team.migrations()[2], ours);
    team.git(&["add", "-A"]);
    team.git(&["merge", "--continue"]);
    team.good();
    team.migrate(&["rebase"]).ends(0, &["Unchanged"]);
}

#[test]
fn rebase_plans_anew_what_does_not_fit() {
    let team = Team::new("replan-rebase-anew");
    team.structs("pub email: String,\npub age: Option<i32>,", "");
    team.migrate(&["generate", "add_age"]).ends(0, &[]);
    team.commit("age");
    team.git(&["checkout", "-q", "main"]);
    team.0.write(
        "src/lib.rs",
        &fs_err::read_to_string(team.0.root().join("src/lib.rs"))
            .unwrap()
            .replace("\"users\"", "\"people\""),
    );
    std::thread::sleep(std::time::Duration::from_millis(1100));
    team.migrate(&[
        "generate",
        "people",
        "--no-shim",
        "--rename",
        "users=people",
    ])
    .ends(0, &[]);
    team.commit("people");
    team.git(&["checkout", "-q", "work"]);
    let rebase = team.try_git(&["rebase", "main"]);
    assert_ne!(rebase.code, 0, "{}", rebase.out);
    team.structs("pub email: String,\npub age: Option<i32>,", "");
    team.0.write(
        "src/lib.rs",
        &fs_err::read_to_string(team.0.root().join("src/lib.rs"))
            .unwrap()
            .replace("\"users\"", "\"people\""),
    );
    team.migrate(&["rebase"])
        .ends(0, &["is planned anew", "git rebase --continue"]);
    assert_eq!(team.names(), ["create_users", "people", "add_age"]);
    let text = team.migrations().pop().unwrap().1;
    assert!(text.contains("ALTER TABLE people ADD COLUMN age"), "{text}");
    team.git(&["add", "-A"]);
    team.git(&["rebase", "--continue"]);
    team.good();
}

#[test]
fn reset_restores_what_is_on_the_base_branch() {
    let team = Team::new("replan-reset");
    team.structs("pub email: String,", POSTS);
    team.migrate(&["generate", "add_posts"]).ends(0, &[]);
    let folder = team.0.root().join("migrations");
    let base = team.migrations().remove(0);
    let first = folder
        .read_dir_utf8()
        .unwrap()
        .map(|it| it.unwrap().into_path());
    let first = first
        .filter(|it| it.as_str().ends_with("create_users.sql"))
        .last()
        .unwrap();
    fs_err::write(&first, "CREATE TABLE users (id int);\n").unwrap();
    fs_err::write(folder.join("atlas.sum"), "h1:nonsense\n<<<<<<< HEAD\n").unwrap();
    team.migrate(&["reset"])
        .ends(0, &["create_users.sql", "atlas.sum"]);
    assert_eq!(team.migrations()[0], base);
    assert_eq!(team.names(), ["create_users", "add_posts"]);
    team.good();
}

/// The driver of this build, as `hooks install` sets it up for one that is on the `PATH`.
fn with_driver(team: &Team) {
    team.0.write(
        "migrations/.gitattributes",
        "*.sql -text\natlas.sum -text merge=cargo-migrate\nmigrate.* -text merge=union\n",
    );
    let driver = format!("{} hooks merge %O %A %B %P", cargo_migrate());
    team.git(&["config", "merge.cargo-migrate.driver", &driver]);
    team.commit("attributes");
}

/// `main` has got a column, and `work`, checked out, two tables in two commits.
fn diverged(name: &str) -> Team {
    let team = Team::new(name);
    team.git(&["checkout", "-q", "main"]);
    with_driver(&team);
    team.git(&["checkout", "-q", "-B", "work"]);
    let tags = POSTS.replace("posts", "tags").replace("Post", "Tag");
    team.0.write(
        "src/posts.rs",
        &format!("use schema_core::prelude::*;\n{POSTS}"),
    );
    team.structs("pub email: String,", "pub mod posts;");
    team.migrate(&["generate", "add_posts"]).ends(0, &[]);
    team.commit("posts");
    team.0.write(
        "src/posts.rs",
        &format!("use schema_core::prelude::*;\n{POSTS}{tags}"),
    );
    team.migrate(&["generate", "add_tags"]).ends(0, &[]);
    team.commit("tags");
    team.git(&["checkout", "-q", "main"]);
    team.structs("pub email: String,\npub age: Option<i32>,", "");
    std::thread::sleep(std::time::Duration::from_millis(2100));
    team.migrate(&["generate", "add_age"]).ends(0, &[]);
    team.commit("age");
    team.git(&["checkout", "-q", "work"]);
    team
}

#[test]
fn with_the_driver_a_merge_has_no_conflict_in_the_sum() {
    let team = diverged("replan-driver-merge");
    team.git(&["merge", "-q", "main"]);
    team.migrate(&["validate"]).ends(0, &[]);
    team.migrate(&["lint"])
        .ends(10, &["H001", "cargo migrate rebase"]);
    team.migrate(&["rebase"]).ends(0, &["Renamed"]);
    assert_eq!(
        team.names(),
        ["create_users", "add_age", "add_posts", "add_tags"]
    );
    team.good();
}

#[test]
fn with_the_driver_a_rebase_and_a_cherry_pick_go_through() {
    let team = diverged("replan-driver-rebase");
    let last = team.git(&["rev-parse", "work~1"]);
    team.git(&["checkout", "-q", "-b", "picked", "main"]);
    team.git(&["cherry-pick", &last]);
    team.migrate(&["validate"]).ends(0, &[]);
    team.git(&["checkout", "-q", "work"]);
    team.git(&["rebase", "-q", "main"]);
    team.migrate(&["validate"]).ends(0, &[]);
    team.migrate(&["rebase"]).ends(0, &["Renamed"]);
    team.good();
}

#[test]
fn a_rebase_that_stops_at_every_commit_keeps_the_order() {
    let team = diverged("replan-rebase-stops");
    team.git(&["config", "--unset", "merge.cargo-migrate.driver"]);
    let mut ran = team.try_git(&["rebase", "main"]);
    let mut stops = 0;
    while ran.code != 0 {
        stops += 1;
        assert!(stops < 5, "{}", ran.err);
        team.migrate(&["rebase"])
            .ends(0, &["git rebase --continue"]);
        team.git(&["add", "-A"]);
        ran = team.try_git(&["rebase", "--continue"]);
    }
    assert_eq!(stops, 2);
    assert_eq!(
        team.names(),
        ["create_users", "add_age", "add_posts", "add_tags"]
    );
    team.good();
}
