//! Tests: sides each against each, what is told, and how it ends.

use integration_tests::repository::TestRepository;

use super::{databases, diff, run};

const OLD: &str = "CREATE TABLE t (id int PRIMARY KEY, a text); CREATE VIEW gone AS SELECT id FROM t; \
     CREATE SCHEMA audit; CREATE TABLE audit.log (id int);";
const NEW: &str = "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL, b int); CREATE INDEX t_b ON t (b); \
     CREATE TABLE \"Odd \"\"one'; --\" (\"a b\" text DEFAULT E'x\\\\y'); \
     CREATE FUNCTION f() RETURNS text LANGUAGE sql AS E'SELECT ''a;\\r\\nb''::text'; \
     CREATE VIEW v AS SELECT f() AS f; CREATE SCHEMA audit; CREATE TABLE audit.log (id bigint);";

#[tokio::test]
async fn a_plan_makes_the_second_database_of_the_first() {
    let folder = TestRepository::folder();
    for (in_one, options) in [
        (true, &["--prove"][..]),
        (false, &[]),
        (false, &["--online"]),
    ] {
        let both = databases([OLD, NEW]).await;
        let urls = [both[0].url(), both[1].url()];
        let arguments = [&[urls[0].as_str(), urls[1].as_str()], options].concat();
        let ran = diff(&folder, &arguments).ends(0, &["Differ"]);
        assert_eq!(ran.out.contains("CONCURRENTLY"), options == ["--online"]);
        run(&both[0], &ran.out, in_one).await;
        let again = diff(&folder, &[&urls[0], &urls[1], "--exit-code"]);
        assert_eq!(again.ends(0, &["No difference"]).out, "");
    }
}

#[tokio::test]
async fn differences_are_shown_as_a_tree_and_as_json() {
    let folder = TestRepository::folder();
    let both = databases([
        "CREATE TABLE t (id int, a text); CREATE VIEW gone AS SELECT 1 AS one",
        "CREATE TABLE t (id int, a text NOT NULL, b int); CREATE TABLE u (id int)",
    ])
    .await;
    let urls = [both[0].url(), both[1].url()];
    let ran = diff(
        &folder,
        &[&urls[0], &urls[1], "--format", "tree", "--exit-code"],
    );
    assert_eq!(
        ran.ends(10, &[]).out,
        "- view public.gone\n~ table public.t\n    ~ column a: not null: false -> true\n    + column b\n+ table public.u\n"
    );
    let report = diff(&folder, &[&urls[0], &urls[1], "--json"])
        .ends(0, &[])
        .json();
    assert_eq!(report["version"], 1);
    assert_eq!(report["from"], "database");
    assert_eq!(report["equal"], false);
    let statements = report["statements"].as_array().unwrap();
    let of_u = statements
        .iter()
        .find(|it| it["comment"] == "Create table u")
        .unwrap();
    assert_eq!(of_u["lock"], "none");
    assert_eq!(of_u["in_transaction"], true);
    let properties = report["differences"].as_array().unwrap().iter();
    let properties: Vec<_> = properties
        .map(|it| it["property"].as_str().unwrap())
        .collect();
    assert!(properties.contains(&"column a: not null"), "{properties:?}");
}

#[tokio::test]
async fn what_is_excluded_is_told_and_does_not_count() {
    let folder = TestRepository::folder();
    folder.write(
        "migrate.toml",
        "[schema]\nexclude = [\"audit.*\", \"kind:view\"]\n",
    );
    let both = databases([OLD, NEW]).await;
    let urls = [both[0].url(), both[1].url()];
    let ran = diff(&folder, &[&urls[0], &urls[1], "--exclude", "Odd*"]);
    let ran = ran.ends(0, &["excluded: ", "table audit.log", "view public.gone"]);
    assert!(
        !ran.out.contains("audit") && !ran.out.contains("VIEW"),
        "{}",
        ran.out
    );
    assert!(
        !ran.out.contains("Odd") && ran.out.contains("FUNCTION"),
        "{}",
        ran.out
    );
    let only = diff(
        &folder,
        &[&urls[0], &urls[1], "--schema", "audit", "--exit-code"],
    );
    only.ends(0, &["No difference"]);
    folder.write("migrate.toml", "[schema]\nexclude = [\"kind:veiw\"]\n");
    diff(&folder, &[&urls[0], &urls[1]]).ends(3, &["`kind:veiw` is no pattern"]);
}

#[tokio::test]
async fn owners_and_privileges_count_unless_a_flag_says_not() {
    let folder = TestRepository::folder();
    let both = databases([
        "CREATE TABLE t (id int)",
        "CREATE TABLE t (id int); ALTER TABLE t OWNER TO app; GRANT SELECT ON t TO PUBLIC",
    ])
    .await;
    let urls = [both[0].url(), both[1].url()];
    let ran = diff(&folder, &[&urls[0], &urls[1]]).ends(0, &[]);
    assert!(
        ran.out.contains("OWNER TO app") && ran.out.contains("GRANT SELECT"),
        "{}",
        ran.out
    );
    let ran = diff(&folder, &[&urls[0], &urls[1], "--no-owner"]).ends(0, &[]);
    assert!(!ran.out.contains("OWNER TO"), "{}", ran.out);
    let ran = diff(&folder, &[&urls[0], &urls[1], "-O", "-x", "--exit-code"]);
    assert_eq!(ran.ends(0, &[]).out, "");
}

#[tokio::test]
async fn directories_are_taken_as_far_as_a_version() {
    let folder = TestRepository::with_migrations(&[
        ("1_users.sql", "CREATE TABLE users (id int PRIMARY KEY);\n"),
        ("2_notes.sql", "CREATE TABLE notes (id int PRIMARY KEY);\n"),
    ]);
    let ran = diff(&folder, &["dir@1", "dir"]).ends(0, &[]);
    assert!(ran.out.contains("CREATE TABLE notes") && !ran.out.contains("users"));
    let whole = databases([
        "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE notes (id int PRIMARY KEY)",
    ])
    .await;
    diff(&folder, &["dir:migrations", &whole[0].url(), "--exit-code"]).ends(0, &["No difference"]);
    diff(&folder, &["dir@3", "dir"]).ends(2, &["there is no version 3", "the newest are 2, 1"]);
    // Any folder of SQL files will do.
    folder.write("sql/b.sql", "CREATE TABLE users (id int PRIMARY KEY);");
    folder.write("sql/a.sql", "CREATE TABLE notes (id int PRIMARY KEY);");
    diff(&folder, &["dir:sql", "dir", "--exit-code"]).ends(0, &["No difference"]);
    folder.write("migrations/2_notes.sql", "SELECT 1;\n");
    diff(&folder, &["dir", "dir:sql"]).ends(11, &["is not intact"]);
}

#[tokio::test]
async fn what_is_no_side_is_refused() {
    let folder = TestRepository::folder();
    folder.write("empty.sql", "");
    for (side, code, said) in [
        ("", 2, "a side is empty"),
        ("mysql://root:secret@h/d", 2, "`mysql:` is no kind of side"),
        ("code@1", 2, "`code` has no versions"),
        ("schema", 2, "`schema` is no side"),
        ("env:NO_SUCH_URL", 2, "NO_SUCH_URL is not set"),
        ("missing.sql", 2, "missing.sql cannot be read"),
        ("dir:missing", 3, "missing"),
        ("code", 3, "no Cargo.toml"),
        ("binary:empty.sql", 3, "empty.sql"),
        (
            "postgres://ann:secret@127.0.0.1:1/x",
            5,
            "database x at 127.0.0.1, port 1",
        ),
    ] {
        let ran = diff(&folder, &[side, "empty.sql"]).ends(code, &[said]);
        assert!(
            ran.out.is_empty() && !ran.err.contains("secret"),
            "{}",
            ran.err
        );
    }
}
