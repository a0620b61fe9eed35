//! Tests: where a list of targets comes from, and how a target is written.

use super::{Tenants, pairs, project, quoted};
use crate::apply::{ONE, TWO};

/// What a database may be called all the same.
const HOSTILE: [&str; 6] = [
    "a b",
    "\"; DROP TABLE x; --",
    "50%41",
    "söhne-日本",
    "it's\\n",
    "$user",
];

#[tokio::test]
async fn a_file_has_one_target_a_line() {
    let tenants = Tenants::new(&HOSTILE).await;
    let project = project("targets_file", &[ONE, TWO]);
    let lines = HOSTILE.map(|it| format!("db:{}", tenants.name(it)));
    project.write(
        "tenants.txt",
        &format!(
            "# all of them\r\n\r\n  {}  \r\n",
            lines.join("\r\n# one more\r\n")
        ),
    );
    let ran = tenants
        .apply(&project, &["--targets", "tenants.txt", "--json"])
        .ok();
    let expected = HOSTILE.map(|it| (it, "applied"));
    assert_eq!(tenants.states(&ran), pairs(&expected));
    for suffix in HOSTILE {
        assert_eq!(tenants.tables(suffix).await, "one two", "{suffix}");
    }
    let ran = tenants
        .apply(&project, &["--targets", "tenants.txt", "--json"])
        .ok();
    let expected = HOSTILE.map(|it| (it, "unchanged"));
    assert_eq!(tenants.states(&ran), pairs(&expected));
}

#[tokio::test]
async fn a_query_names_targets() {
    let tenants = Tenants::new(&["one", "two:x", "3"]).await;
    let project = project("targets_query", &[ONE]);
    tenants
        .main
        .run(&format!(
            "CREATE SCHEMA registry; CREATE TABLE registry.tenants (id int, db name, active bool);
             INSERT INTO registry.tenants VALUES (1, '{}', true), (2, '{}', true), (3, '{}', false);",
            tenants.name("one"),
            tenants.name("two:x"),
            tenants.name("3"),
        ))
        .await;
    let query = "sql:SELECT 'db:' || db FROM registry.tenants WHERE active ORDER BY id;";
    let ran = tenants
        .apply(&project, &["--targets", query, "--json"])
        .ok();
    let states: Vec<String> = tenants.states(&ran).into_iter().map(|it| it.1).collect();
    assert_eq!(states, ["applied", "applied"]);
    assert_eq!(tenants.tables("3").await, "");
    // Two columns, of any types: name and target.
    let query = "sql:SELECT id, db FROM registry.tenants WHERE id <> 2 ORDER BY id";
    let ran = tenants
        .apply(&project, &["--targets", query, "--json"])
        .ok();
    assert_eq!(
        tenants.states(&ran),
        pairs(&[("1", "unchanged"), ("3", "applied")])
    );
}

#[tokio::test]
async fn a_query_that_is_no_list_is_refused() {
    let tenants = Tenants::new(&[]).await;
    let project = project("targets_bad_query", &[ONE]);
    let fails = |query: &str, with: &[&str]| {
        tenants
            .apply(&project, &["--targets", query])
            .fails(2, with);
    };
    fails("sql:SELECT 1, 2, 3", &["gives 3 columns"]);
    fails(
        "sql:SELECT 'a' UNION ALL SELECT NULL",
        &["row 2 of the targets has no value"],
    );
    fails(
        "sql:SELECT 'a' WHERE false",
        &["the query for the targets names no target"],
    );
    fails("sql:SELEC", &["syntax error", "SELEC"]);
    // A list is read, and nothing else.
    fails("sql:CREATE TABLE made (id int)", &["read-only transaction"]);
}

#[tokio::test]
async fn a_command_prints_targets() {
    let tenants = Tenants::new(&["one", "two"]).await;
    let project = project("targets_command", &[ONE]);
    tenants.file(&project, &["one", "two"]);
    let command = "command: cat tenants.txt | grep -v '_two$'";
    let ran = tenants
        .apply(&project, &["--targets", command, "--json"])
        .ok();
    assert_eq!(tenants.states(&ran), pairs(&[("one", "applied")]));
    tenants
        .apply(
            &project,
            &["--targets", "command:echo partial; echo why >&2; exit 3"],
        )
        .fails(
            2,
            &["why", "the targets cannot be listed", "exit status: 3"],
        );
    assert_eq!(tenants.tables("two").await, "");
}

#[tokio::test]
async fn urls_need_no_database_of_the_command() {
    let tenants = Tenants::new(&["one"]).await;
    let project = project("targets_url", &[ONE]);
    let url = tenants.main.url();
    let database = tenants.main.options();
    let url = url.replace(database.get_database().unwrap(), &tenants.name("one"));
    project.write("tenants.txt", &format!("{url}\n"));
    let mut command = project.migrate(&["apply", "--targets", "tenants.txt", "--report", "r.json"]);
    command
        .env_remove("DATABASE_URL")
        .env_remove("DATABASE_URL_MIGRATION");
    assert!(command.output().unwrap().status.success());
    assert_eq!(tenants.tables("one").await, "one");
    let report = fs_err::read_to_string(project.root().join("r.json")).unwrap();
    assert!(
        report.contains(&format!("/{}\"", tenants.name("one"))),
        "{report}"
    );
}

#[tokio::test]
async fn a_target_is_listed_once() {
    let tenants = Tenants::new(&["one"]).await;
    let project = project("targets_twice", &[ONE]);
    let name = tenants.name("one");
    let database = tenants.main.options();
    let url = tenants
        .main
        .url()
        .replace(database.get_database().unwrap(), &name);
    for other in [name.clone(), format!("db:{name}"), url] {
        project.write("tenants.txt", &format!("{name}\n\n{other}\n"));
        tenants
            .apply(&project, &["--targets", "tenants.txt"])
            .fails(
                2,
                &["tenants.txt:3: ", "listed already", "tenants.txt:1", &name],
            );
    }
    let query = format!("sql:VALUES ('same', '{name}'), ('same', 'other')");
    tenants.apply(&project, &["--targets", &query]).fails(
        2,
        &["row 2: another target goes by the name `same`, in row 1"],
    );
    assert_eq!(tenants.tables("one").await, "");
}

#[tokio::test]
async fn bad_lines_are_told_together_and_without_passwords() {
    let tenants = Tenants::new(&[]).await;
    let project = project("targets_bad", &[ONE]);
    project.write(
        "tenants.txt",
        "good\npostgress://me:secret@host/db\nschema:\npostgres://me:secret@host:port/db\n",
    );
    let ran = tenants.apply(&project, &["--targets", "tenants.txt", "--json"]);
    assert!(
        !(ran.out.clone() + &ran.err).contains("secret"),
        "{}",
        ran.err
    );
    ran.fails(
        2,
        &[
            "tenants.txt is no list of targets",
            "tenants.txt:2: `postgress:` is no kind of target",
            "tenants.txt:3: the name is missing",
            "tenants.txt:4: ",
            "`schema:NAME`",
        ],
    );
}

#[tokio::test]
async fn an_empty_list_is_a_mistake() {
    let tenants = Tenants::new(&[]).await;
    let project = project("targets_empty", &[ONE]);
    project.write("tenants.txt", "# nobody\n\n");
    tenants
        .apply(&project, &["--targets", "tenants.txt"])
        .fails(2, &["tenants.txt names no target", "one target a line"]);
    tenants
        .apply(&project, &["--targets", "command:true"])
        .fails(2, &["the command for the targets names no target"]);
    tenants
        .apply(&project, &["--targets", "nowhere.txt"])
        .fails(2, &["nowhere.txt"]);
}

#[tokio::test]
async fn options_for_many_need_many() {
    let tenants = Tenants::new(&[]).await;
    let project = project("targets_options", &[ONE]);
    for flag in ["--concurrency", "--canary", "--max-failures", "--report"] {
        tenants
            .apply(&project, &[flag, "2"])
            .fails(2, &["--targets"]);
    }
    tenants
        .apply(&project, &["--targets", "x", "--concurrency", "0"])
        .fails(2, &["--concurrency"]);
    // Without them nothing is different.
    tenants.apply(&project, &[]).ok();
    assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
}
