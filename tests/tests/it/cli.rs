//! `cargo migrate` as a user calls it: a project of its own, the real binary, a real server.

use std::process::{Command, Output};

use integration_tests::postgres::TestDatabase;
use integration_tests::project::TestProject;
use schema_core::directory::generated;
use serde_json::Value;

const BLOG: &str = r#"//! A blog.
use schema_core::prelude::*;

/// How far a post is.
#[derive(Clone, Copy, PgEnum)]
pub enum Status { Draft, Published }

#[table(name = "users")]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(unique)]
    pub email: String,
    pub display_name: Option<String>,
}

#[table(name = "posts")]
#[index(author_id)]
#[check(name = "posts_title_check", sql("length(title) > 0"))]
pub struct Post {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = User::id, on_delete = cascade)]
    pub author_id: i64,
    pub title: String,
    #[column(default = Status::Draft)]
    pub status: Status,
}
"#;

/// What a command left: exit code, stdout, stderr.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn fails(self, code: i32, with: &[&str]) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        for part in with {
            assert!(self.err.contains(part), "no `{part}` in:\n{}", self.err);
        }
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("stdout is one JSON document")
    }
}

fn run(mut command: Command) -> Ran {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("it starts");
    Ran {
        code: status.code().unwrap_or(-1),
        out: String::from_utf8(stdout).expect("UTF-8"),
        err: String::from_utf8(stderr).expect("UTF-8"),
    }
}

pub(crate) fn migrate(project: &TestProject, arguments: &[&str]) -> Ran {
    run(project.migrate(arguments))
}

fn blog(name: &str) -> TestProject {
    TestProject::package(name, "", &[("src/lib.rs", BLOG)])
}

/// The migrations of a project, by name, with their text.
pub(crate) fn migrations(project: &TestProject) -> Vec<(String, String)> {
    let Ok(entries) = fs_err::read_dir(project.root().join("migrations")) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("an entry"))
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path(),
            )
        })
        .filter(|(name, _)| name.strip_suffix(".sql").is_some())
        .map(|(name, path)| (name, fs_err::read_to_string(path).expect("readable")))
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn from_structs_to_an_applied_migration_and_on() {
    let project = blog("cli-main-job");
    let database = TestDatabase::new().await;
    let url = database.url();

    migrate(&project, &["migrate", "generate", "create_blog"]).ok();
    migrate(&project, &["validate"]).ok();
    migrate(&project, &["check"]).ok();
    let again = migrate(&project, &["generate", "nothing"]).ok();
    assert!(again.err.contains("Unchanged"), "{}", again.err);
    assert_eq!(migrations(&project).len(), 1);

    let dry = migrate(&project, &["apply", "--url", &url, "--dry-run"]).ok();
    assert!(dry.out.contains("CREATE TABLE posts"), "{}", dry.out);
    let status = migrate(&project, &["status", "--url", &url, "--json"])
        .ok()
        .json();
    assert_eq!(
        status["status"]["versions"][0]["state"], "pending",
        "a dry run writes nothing: {status}"
    );
    migrate(&project, &["apply", "--url", &url]).ok();
    migrate(&project, &["apply", "--url", &url]).ok();

    project.write(
        "src/lib.rs",
        &BLOG.replace(
            "pub title: String,",
            "pub title: String,\n    pub body: Option<String>,",
        ),
    );
    migrate(&project, &["check"]).fails(4, &["create column body of table posts"]);
    let printed = migrate(&project, &["generate", "add_body", "--dry-run"]).ok();
    assert!(
        printed
            .out
            .contains("ALTER TABLE posts ADD COLUMN body text;"),
        "{}",
        printed.out
    );
    assert_eq!(migrations(&project).len(), 1, "a dry run writes nothing");
    let report = migrate(&project, &["generate", "add_body", "--json"])
        .ok()
        .json();
    assert_eq!(report["written"], true);
    assert_eq!(
        migrations(&project)[1].1,
        generated(&format!(
            "{LIMITED}-- Add column body to table posts\nALTER TABLE posts ADD COLUMN body text;\n"
        ))
    );
    let dry = migrate(&project, &["apply", "--url", &url, "--dry-run"]).ok();
    let statement = "-- ACCESS EXCLUSIVE on posts\nALTER TABLE posts ADD COLUMN body text;\n";
    assert!(dry.out.contains(statement), "{}", dry.out);
    let dry = [
        "apply",
        "--url",
        &url,
        "--dry-run",
        "--pg-bin",
        "nowhere",
        "--json",
    ];
    let dry = migrate(&project, &dry).ok().json();
    let preview = &dry["preview"];
    assert_eq!(preview["statements"][1]["effects"], Value::Null, "{dry}");
    assert!(preview["locks_unknown"]["reason"].is_string(), "{dry}");
    migrate(&project, &["apply", "--url", &url]).ok();
    let status = migrate(&project, &["status", "--url", &url]).ok();
    assert!(status.out.contains("2 applied"), "{}", status.out);
}

/// What a migration begins with that locks a table in use.
const LIMITED: &str =
    "-- Give up rather than have others queue behind a lock\nSET LOCAL lock_timeout = '2s';\n\n";

#[test]
fn a_rename_is_never_guessed() {
    let project = blog("cli-renames");
    migrate(&project, &["generate", "create_blog"]).ok();

    let renamed = BLOG.replace("display_name", "full_name");
    project.write("src/lib.rs", &renamed);
    migrate(&project, &["generate", "rename"]).fails(
        2,
        &[
            "--rename users.display_name=full_name",
            "--drop users.display_name",
        ],
    );
    assert_eq!(migrations(&project).len(), 1);
    let dropped = migrate(
        &project,
        &[
            "generate",
            "drop",
            "--drop",
            "users.display_name",
            "--dry-run",
        ],
    )
    .ok();
    assert!(
        dropped.out.contains("DROP COLUMN display_name"),
        "{}",
        dropped.out
    );
    migrate(
        &project,
        &[
            "generate",
            "rename",
            "--rename",
            "users.display_name=full_name",
            "--no-shim",
        ],
    )
    .ok();
    let expected = generated(&format!(
        "{LIMITED}-- Rename column display_name of table users to full_name\nALTER TABLE users RENAME COLUMN display_name TO full_name;\n"
    ));
    assert_eq!(migrations(&project)[1].1, expected);

    // In the source: a table with its key and index, a label, and a check that names a column.
    let renamed = renamed
        .replace(
            "#[table(name = \"posts\")]",
            "#[table(name = \"articles\", renamed_from = \"posts\")]",
        )
        .replace(
            "pub title",
            "#[column(renamed_from = \"title\")]\n    pub headline",
        )
        .replace("length(title)", "length(headline)")
        .replace(
            "Draft, Published",
            "#[pg(renamed_from = \"draft\")] Sketch, Published",
        )
        .replace("Status::Draft", "Status::Sketch");
    project.write("src/lib.rs", &renamed);
    migrate(&project, &["generate", "articles", "--no-shim"]).ok();
    let sql = &migrations(&project)[2].1;
    for part in [
        "ALTER TABLE posts RENAME TO articles;",
        "ALTER SEQUENCE posts_id_seq RENAME TO articles_id_seq;",
        "ALTER TABLE articles RENAME COLUMN title TO headline;",
        "ALTER TYPE status RENAME VALUE 'draft' TO 'sketch';",
        "RENAME CONSTRAINT posts_pkey TO articles_pkey",
    ] {
        assert!(sql.contains(part), "no `{part}` in:\n{sql}");
    }
    assert!(!sql.contains("DROP"), "{sql}");
    // `renamed_from` may stay: the rename is done.
    migrate(&project, &["check"]).ok();
}

#[test]
fn what_the_whole_schema_says_is_reported_at_once_with_its_lines() {
    let source = BLOG.replace("#[table(name = \"posts\")]", "#[table(name = \"users\")]")
        + "\n#[table]\npub struct Other { #[column(primary_key)] pub id: i64, #[column(type = citext)] pub name: String }\n";
    let project = TestProject::package("cli-schema-errors", "", &[("src/lib.rs", &source)]);
    let ran = migrate(&project, &["generate", "broken"])
        .fails(10, &["src/lib.rs:8", "src/lib.rs:17", "citext"]);
    assert!(ran.err.matches("error[S").count() >= 2, "{}", ran.err);
    assert!(migrations(&project).is_empty());
}

#[test]
fn what_postgresql_refuses_points_to_the_line_of_the_struct() {
    let source = BLOG.replace("length(title) > 0", "length(titel) > 0");
    let project = TestProject::package("cli-refused", "", &[("src/lib.rs", &source)]);
    let line = source
        .lines()
        .position(|line| line.contains("titel"))
        .expect("a line")
        + 1;
    migrate(&project, &["generate", "refused"]).fails(
        10,
        &[
            "column \"titel\" does not exist",
            &format!("src/lib.rs:{line}"),
        ],
    );

    let source = BLOG.replace(
        "pub title: String,",
        "#[column(default = sql(\"nonsense()\"))]\n    pub title: String,",
    );
    project.write("src/lib.rs", &source);
    let line = source
        .lines()
        .position(|line| line.contains("nonsense"))
        .expect("a line")
        + 1;
    let ran = migrate(&project, &["check"]).fails(10, &["function nonsense() does not exist"]);
    let near = (line..=line + 1).any(|line| ran.err.contains(&format!("src/lib.rs:{line}")));
    assert!(near, "{}", ran.err);
}

#[test]
fn an_extension_that_the_server_lacks_is_named() {
    let source = BLOG.replace(
        "use schema_core::prelude::*;",
        "use schema_core::prelude::*;\nextension!(no_such_extension);",
    );
    let project = TestProject::package("cli-extension", "", &[("src/lib.rs", &source)]);
    migrate(&project, &["generate", "extension"])
        .fails(10, &["no_such_extension", "src/lib.rs:3", "--dev-url"]);
}

#[test]
fn a_history_that_does_not_replay_shows_file_line_and_sql() {
    let project = blog("cli-replay");
    project.write(
        "bad.sql",
        "CREATE TABLE a (id int);\n\nCREATE TABLE b (\n    id integer,\n    other wrong\n);\n",
    );
    migrate(&project, &["new", "hand_written", "--from", "bad.sql"]).ok();
    migrate(&project, &["generate", "more"]).fails(
        12,
        &[
            "hand_written.sql:5",
            "type \"wrong\" does not exist",
            "statement 2 of 2",
            "other wrong",
        ],
    );
    assert_eq!(migrations(&project).len(), 1);
}

#[test]
fn a_broken_chain_stops_everything_and_says_where() {
    let project = blog("cli-chain");
    migrate(&project, &["generate", "create_blog"]).ok();
    let (name, text) = migrations(&project).remove(0);
    project.write(
        &format!("migrations/{name}"),
        &text.replace("posts", "papers"),
    );
    for command in [
        &["validate"][..],
        &["generate", "x"],
        &["check"],
        &["new", "x"],
        &["apply", "--scratch"],
    ] {
        migrate(&project, command).fails(11, &[&name, "atlas.sum:2", "edited"]);
    }
    project.write(&format!("migrations/{name}"), &text.replace('\n', "\r\n"));
    migrate(&project, &["validate"]).fails(11, &["CRLF"]);
}

#[test]
fn bad_surroundings_are_named_with_a_remedy() {
    let empty = TestProject::new("cli-nothing");
    // Below the target directory of the workspace there is always a Cargo.toml further up: leave it.
    let nowhere = tempfile::tempdir().expect("a folder");
    let mut command = empty.migrate(&["generate", "x"]);
    command.current_dir(nowhere.path());
    run(command).fails(3, &["Cargo.toml", "--manifest-path"]);

    let project = TestProject::package("cli-no-tables", "", &[("src/lib.rs", "//! Nothing.\n")]);
    migrate(&project, &["generate", "x"]).fails(3, &["no tables"]);
    project.write("src/lib.rs", BLOG);
    migrate(&project, &["generate", "not a/name"]).fails(2, &["not a/name", "not_a_name"]);
    migrate(&project, &["generate", "x", "--rename", "nobody=somebody"]).fails(2, &["nobody"]);
    project.write("migrate.toml", "dri = \"migrations\"\n");
    migrate(&project, &["validate"]).fails(3, &["migrate.toml", "dri"]);
    fs_err::remove_file(project.root().join("migrate.toml")).expect("removed");

    let mut command = project.migrate(&["generate", "x", "--postgres-version", "9"]);
    command.env("CARGO_MIGRATE_CACHE", nowhere.path());
    run(command).fails(5, &["PostgreSQL 9", "--dev-url"]);
    migrate(
        &project,
        &[
            "generate",
            "x",
            "--dev-url",
            "postgres://nobody@127.0.0.1:1/x",
        ],
    )
    .fails(5, &["127.0.0.1"]);

    project.write("src/lib.rs", "pub fn broken( {}\n");
    let ran = migrate(&project, &["generate", "x"]).fails(3, &["could not compile"]);
    assert!(
        !ran.err.contains("error: the build failed"),
        "cargo has said everything:\n{}",
        ran.err
    );
    assert!(ran.out.is_empty());
    assert!(migrations(&project).is_empty());
}

#[test]
fn two_at_once_leave_an_intact_directory() {
    let project = blog("cli-two-at-once");
    project.write("one.sql", "CREATE TABLE one (id int);\n");
    let spawn = |name: &str| {
        let mut command = project.migrate(&["new", name, "--from", "one.sql"]);
        command
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("it starts")
    };
    let children: Vec<_> = (0..6).map(|number| spawn(&format!("n{number}"))).collect();
    let done = children
        .into_iter()
        .filter(|_| true)
        .map(|child| child.wait_with_output().expect("it ends"));
    let succeeded = done.filter(|output| output.status.success()).count();
    assert!(succeeded >= 1);
    assert_eq!(migrations(&project).len(), succeeded);
    migrate(&project, &["validate"]).ok();
}

#[test]
fn a_file_of_ones_own_is_hashed_again_until_it_is_on_the_base_branch() {
    let project = blog("cli-hash");
    let git = |arguments: &[&str]| {
        let mut command = project.command("git");
        command
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
            .args(arguments);
        run(command).ok();
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["commit", "-q", "--allow-empty", "-m", "start"]);
    git(&["checkout", "-q", "-b", "work"]);
    migrate(&project, &["new", "config_rows"]).ok();
    let (name, _) = migrations(&project).remove(0);
    project.write(
        &format!("migrations/{name}"),
        "CREATE TABLE rows_of_mine (id int);\n",
    );
    migrate(&project, &["validate"]).fails(11, &[&name]);
    migrate(&project, &["hash"]).ok();
    migrate(&project, &["validate"]).ok();

    git(&["add", "migrations"]);
    git(&["commit", "-q", "-m", "rows"]);
    git(&["checkout", "-q", "-B", "main"]);
    project.write(
        &format!("migrations/{name}"),
        "CREATE TABLE others (id int);\n",
    );
    migrate(&project, &["hash"]).fails(11, &[&name, "is on main and would change"]);
}

#[test]
fn a_directory_of_another_tool_is_not_touched() {
    let project = blog("cli-foreign");
    project.write("migrations/V1__init.sql", "CREATE TABLE a (id int);\n");
    migrate(&project, &["generate", "x"]).fails(3, &["Flyway"]);
    assert!(!project.root().join("migrations/atlas.sum").exists());
}

#[test]
fn objects_that_the_source_does_not_declare_are_used_and_left_alone() {
    let source = BLOG.replace(
        "pub title: String,",
        "#[column(default = sql(\"new_title()\"))]\n    pub title: String,",
    );
    let project = TestProject::package("cli-unmodelled", "", &[("src/lib.rs", &source)]);
    project.write(
        "hand.sql",
        "CREATE FUNCTION new_title() RETURNS text LANGUAGE sql AS 'select ''untitled''';\n",
    );
    migrate(&project, &["new", "function", "--from", "hand.sql"]).ok();
    migrate(&project, &["generate", "create_blog"]).ok();
    project.write(
        "view.sql",
        "CREATE VIEW titles AS SELECT title FROM posts;\n",
    );
    migrate(&project, &["new", "view", "--from", "view.sql"]).ok();
    migrate(&project, &["check"]).ok();
    // The view is in the way of the type, so it goes, and comes again.
    project.write(
        "src/lib.rs",
        &source.replace(
            "#[column(default = sql(\"new_title()\"))]",
            "#[column(type = varchar(40))]",
        ),
    );
    migrate(&project, &["generate", "narrow"]).ok();
    let newer = migrations(&project).into_iter().skip(3);
    let newest: String = newer.map(|(_, text)| text).collect();
    let places = [
        "DROP VIEW titles",
        "ALTER COLUMN title TYPE",
        "CREATE VIEW titles",
    ];
    let places = places.map(|text| {
        newest
            .find(text)
            .unwrap_or_else(|| panic!("{text}: {newest}"))
    });
    assert!(places.is_sorted(), "{newest}");
    migrate(&project, &["check"]).ok();
}

#[test]
fn columns_and_tables_that_are_not_ours_stay() {
    let project = blog("cli-not-ours");
    migrate(&project, &["generate", "create_blog"]).ok();
    project.write("legacy.sql", "ALTER TABLE users ADD COLUMN legacy_code text CONSTRAINT legacy_check CHECK (legacy_code <> '');\nCREATE TABLE elsewhere (id bigint PRIMARY KEY, more text);\n");
    migrate(&project, &["new", "legacy", "--from", "legacy.sql"]).ok();
    let source = BLOG.replace(
        "#[table(name = \"users\")]",
        "#[table(name = \"users\", ignore_columns = [\"legacy_code\"])]",
    ) + "\n#[table(managed = false)]\npub struct Elsewhere { #[column(primary_key)] pub id: i64 }\n";
    project.write("src/lib.rs", &source);
    migrate(&project, &["check"]).ok();

    // A table that no migration makes is there for all that references it.
    let source = source
        + "\n#[table(managed = false)]\npub struct Country { #[column(primary_key)] pub id: i64 }\n\n#[table]\npub struct Town { #[column(primary_key)] pub id: i64, #[column(references = Country::id)] pub country_id: i64 }\n";
    project.write("src/lib.rs", &source);
    migrate(&project, &["generate", "towns"]).ok();
    let (_, text) = migrations(&project).pop().expect("just generated");
    assert!(text.contains("REFERENCES country (id)"), "{text}");
    assert!(!text.contains("CREATE TABLE country"), "{text}");
}

#[test]
fn init_sets_up_what_is_missing_and_nothing_else() {
    let project = TestProject::package(
        "cli-init",
        "",
        &[("src/lib.rs", "//! Mine.\n\npub fn mine() {}\n")],
    );
    migrate(&project, &["init"]).ok();
    let lib = fs_err::read_to_string(project.root().join("src/lib.rs")).expect("readable");
    assert_eq!(lib, "//! Mine.\n\npub fn mine() {}\n\npub mod schema;\n");
    let again = migrate(&project, &["init"]).ok();
    assert!(again.err.contains("Unchanged"), "{}", again.err);
    migrate(&project, &["generate", "first"]).ok();
    assert!(migrations(&project)[0].1.contains("CREATE TABLE posts"));
    migrate(&project, &["apply", "--scratch"]).ok();
}

#[test]
fn serial_columns_bring_their_sequence() {
    let source = "//! Old.\nuse schema_core::prelude::*;\n\n#[table(name = \"old\")]\npub struct Old {\n    #[column(primary_key, default = sql(\"nextval('old_id_seq')\"))]\n    pub id: i32,\n}\n";
    let project = TestProject::package("cli-serial", "", &[("src/lib.rs", source)]);
    project.write("old.sql", "CREATE TABLE old (id serial PRIMARY KEY);\n");
    migrate(&project, &["new", "old", "--from", "old.sql"]).ok();
    migrate(&project, &["check"]).ok();
    let fresh = tempfile::tempdir().expect("a folder");
    let fresh = fresh.path().join("migrations");
    let made = migrate(
        &project,
        &[
            "generate",
            "old",
            "--dir",
            fresh.to_str().expect("UTF-8"),
            "--dry-run",
        ],
    )
    .ok();
    assert!(
        made.out.contains("CREATE SEQUENCE old_id_seq AS integer"),
        "{}",
        made.out
    );
}
