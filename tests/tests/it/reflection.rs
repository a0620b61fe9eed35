//! Records out of real artifacts: which targets, profiles and crates carry them.

use std::fmt::Write as _;

use bumpalo::Bump;
use camino::Utf8PathBuf;
use integration_tests::project::TestProject;
use schema_core::metadata::extract::{ExtractError, extract, records};

/// `declare!("name")` makes a table record, as `#[table]` does.
const DECLARE: &str = r#"
macro_rules! declare {
    ($name:literal) => {
        const _: () = {
            use schema_core::def::*;
            use schema_core::metadata::encode::{encode, encoded_len};
            const RECORD: Record<'static> = Record::Table(TableDef {
                name: NameDef { schema: "", name: $name },
                renamed_from: None,
                comment: None,
                unlogged: false,
                storage_parameters: &[],
                tablespace: None,
                columns: &[],
                primary_key: None,
                uniques: &[],
                indexes: &[],
                foreign_keys: &[],
                checks: &[],
                excludes: &[],
                ignore_columns: &[],
                managed: true,
                source: SourceDef {
                    file: file!(),
                    line: line!(),
                    column: column!(),
                    module: module_path!(),
                    item: $name,
                },
            });
            #[used]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__pgschema"))]
            #[cfg_attr(target_os = "windows", unsafe(link_section = ".pgsch"))]
            #[cfg_attr(
                not(any(target_vendor = "apple", target_os = "windows")),
                unsafe(link_section = ".pgschema")
            )]
            static BYTES: [u8; encoded_len(&RECORD)] = encode(&RECORD);
        };
    };
}
"#;

/// A source file that declares tables, from line 1 on, and goes on with `rest`.
fn declares(tables: &[&str], rest: &str) -> String {
    let mut text = String::new();
    for table in tables {
        writeln!(text, "declare!({table:?});").expect("a string takes it");
    }
    // The macro has to come first, and the lines of the tables are to be known.
    format!("{} {text}{rest}", DECLARE.replace('\n', " ").trim())
}

/// The tables in artifacts, each with its crate, file and line.
fn tables(artifacts: &[Utf8PathBuf]) -> Vec<String> {
    let arena = Bump::new();
    let found = records(artifacts, &arena).expect("artifacts can be read");
    let tables = found.iter().map(|record| {
        let source = record.source();
        format!("{} {}:{}", source.item, source.file, source.line)
    });
    tables.collect()
}

#[test]
fn a_library_carries_its_tables_in_every_module() {
    let project = TestProject::package(
        "reflect-library",
        "",
        &[
            (
                "src/lib.rs",
                &declares(&["users", "posts"], "pub mod audit;"),
            ),
            ("src/audit.rs", &declares(&["events"], "")),
        ],
    );
    let expected = [
        "events src/audit.rs:1",
        "users src/lib.rs:1",
        "posts src/lib.rs:2",
    ];
    assert_eq!(tables(&project.build(&[])), expected);
}

#[test]
fn a_binary_carries_its_tables() {
    let project = TestProject::package(
        "reflect-binary",
        "",
        &[("src/main.rs", &declares(&["users"], "fn main() {}"))],
    );
    let artifacts = project.build(&[]);
    assert_eq!(artifacts.len(), 1, "only an executable: {artifacts:?}");
    assert_eq!(tables(&artifacts), ["users src/main.rs:1"]);
}

#[test]
fn tables_of_several_crates_come_together_each_once() {
    let project = TestProject::new("reflect-workspace");
    project.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"models\", \"billing\", \"app\"]\nresolver = \"3\"\n",
    );
    let models = "reflect-models = { path = \"../models\" }\n";
    let billing = "reflect-billing = { path = \"../billing\" }\n";
    project.add_package("models", "reflect-models", "");
    project.add_package("billing", "reflect-billing", models);
    project.add_package("app", "reflect-app", &format!("{models}{billing}"));
    project.write(
        "models/src/lib.rs",
        &declares(&["users"], "pub struct User;"),
    );
    project.write("billing/src/lib.rs", &declares(&["invoices"], ""));
    let main = "fn main() { let _ = reflect_models::User; }";
    project.write("app/src/main.rs", &declares(&["jobs"], main));
    let expected = [
        "jobs app/src/main.rs:1",
        "invoices billing/src/lib.rs:1",
        "users models/src/lib.rs:1",
    ];
    let artifacts = project.build(&[]);
    assert_eq!(tables(&artifacts), expected);
    // The executable has the tables of the library that it uses as well: they are one.
    let executable = artifacts.iter().find(|path| path.extension().is_none());
    let executable = executable.expect("there is a binary").clone();
    assert_eq!(
        tables(&[executable]),
        ["jobs app/src/main.rs:1", "users models/src/lib.rs:1"]
    );
}

#[test]
fn tables_of_one_macro_call_are_told_apart_by_name() {
    let rest = "macro_rules! both { () => { declare!(\"b\"); declare!(\"a\"); } }\nboth!();";
    let project = TestProject::package(
        "reflect-macros",
        "",
        &[("src/lib.rs", &declares(&[], rest))],
    );
    assert_eq!(
        tables(&project.build(&[])),
        ["a src/lib.rs:2", "b src/lib.rs:2"]
    );
}

#[test]
fn a_feature_decides_what_is_there() {
    let project = TestProject::package(
        "reflect-features",
        "[features]\naudit = []\n",
        &[(
            "src/lib.rs",
            &declares(
                &["users"],
                "#[cfg(feature = \"audit\")]\ndeclare!(\"events\");",
            ),
        )],
    );
    assert_eq!(tables(&project.build(&[])), ["users src/lib.rs:1"]);
    assert_eq!(
        tables(&project.build(&["--features", "audit"])),
        ["users src/lib.rs:1", "events src/lib.rs:3"]
    );
}

#[test]
fn link_time_optimisation_and_strip_leave_the_tables() {
    let profile = "[profile.release]\nlto = \"fat\"\nstrip = true\ncodegen-units = 1\n";
    let names: Vec<String> = (0..50).map(|number| format!("t{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let main = "fn main() { let _ = reflect_lto::User; }";
    let project = TestProject::package(
        "reflect-lto",
        profile,
        &[
            ("src/lib.rs", &declares(&names, "pub struct User;")),
            ("src/main.rs", &declares(&["jobs"], main)),
        ],
    );
    let artifacts = project.build(&["--release"]);
    let (libraries, binaries): (Vec<_>, Vec<_>) = artifacts
        .into_iter()
        .partition(|it| it.extension() == Some("rlib"));
    // Here the library is LLVM bitcode, and has no sections.
    assert_eq!(tables(&libraries).len(), 50);
    assert_eq!(tables(&binaries).len(), 51);
}

#[test]
fn a_library_that_is_only_shared_carries_its_tables() {
    let project = TestProject::package(
        "reflect-shared",
        "[lib]\ncrate-type = [\"cdylib\"]\n",
        &[("src/lib.rs", &declares(&["users"], ""))],
    );
    assert_eq!(tables(&project.build(&[])), ["users src/lib.rs:1"]);
}

#[test]
fn a_thousand_tables_arrive() {
    let names: Vec<String> = (0..1000).map(|number| format!("t{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let project = TestProject::package(
        "reflect-thousand",
        "",
        &[("src/lib.rs", &declares(&names, ""))],
    );
    let found = tables(&project.build(&[]));
    assert_eq!(found.len(), 1000);
    assert_eq!(found[999], "t999 src/lib.rs:1000");
}

#[test]
fn what_is_no_artifact_is_named() {
    let project = TestProject::new("reflect-nonsense");
    project.write("notes.txt", "no object file, but long enough to look at");
    let path = project.root().join("notes.txt");
    let error = extract(&path).expect_err("is no object file");
    assert!(matches!(&error, ExtractError::Object { path: named, .. } if *named == path));
    let path = project.root().join("gone");
    let error = extract(&path).expect_err("is not there");
    assert!(matches!(error, ExtractError::Open { .. }));
}
