//! `docs/rules` is what the rules say of themselves.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use schema_core::diagnostic::Severity;
use schema_core::review::rules;

/// Set to write the pages instead of comparing them.
const UPDATE: &str = "UPDATE_RULES";

fn folder() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.join("../docs/rules")
}

/// All pages by file name, the table of them included.
fn pages() -> BTreeMap<String, String> {
    let mut topics: BTreeMap<_, String> = BTreeMap::new();
    let mut pages = BTreeMap::new();
    let mut all: Vec<_> = rules().collect();
    all.sort_by_key(|rule| rule.code);
    for rule in all {
        let severity = match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let (code, page) = (rule.code, rule.page_name());
        let rows = topics.entry(rule.topic).or_default();
        writeln!(
            rows,
            "| [{code}]({page}) | `{}` | {} | {severity} |",
            rule.name, rule.title
        )
        .unwrap();
        pages.insert(page, rule.page());
    }
    let mut table = "# Rules\n\nWhat `cargo migrate check`, `lint` and `gate` find. `--explain CODE` prints the \
        page of a rule. These files are written by `UPDATE_RULES=1 cargo test -p integration-tests --test it \
        rule_pages`.\n"
        .to_owned();
    for (topic, rows) in topics {
        let heading = topic.title();
        write!(table, "\n## {heading}\n\n| code | name | found | severity |\n| --- | --- | --- | --- |\n{rows}")
            .unwrap();
    }
    pages.insert("README.md".to_owned(), table);
    pages
}

#[test]
fn every_rule_has_its_page_in_docs() {
    let folder = folder();
    let pages = pages();
    if std::env::var_os(UPDATE).is_some() {
        let _ = fs_err::remove_dir_all(&folder);
        fs_err::create_dir_all(&folder).unwrap();
        for (name, text) in &pages {
            fs_err::write(folder.join(name), text).unwrap();
        }
    }
    let mut found = BTreeMap::new();
    for entry in fs_err::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        found.insert(name, fs_err::read_to_string(&path).unwrap());
    }
    let wrong = |name: &&String| found.get(*name) != pages.get(*name);
    let wrong: Vec<&String> = pages.keys().chain(found.keys()).filter(wrong).collect();
    assert!(
        wrong.is_empty(),
        "write them again with {UPDATE}=1: {wrong:?}"
    );
}

#[test]
fn codes_and_names_are_unique_and_remedies_begin_with_a_whole_sentence() {
    let mut seen = BTreeMap::new();
    for rule in rules() {
        for key in [rule.code, rule.name] {
            let other = seen.insert(key, rule.code);
            assert!(
                other.is_none(),
                "{key} is of {} and of {other:?}",
                rule.code
            );
        }
        assert!(
            !rule.title.is_empty() && !rule.title.ends_with('.'),
            "{}",
            rule.code
        );
        let why = rule.why;
        assert!(why.ends_with(['.', '`', ')']), "{}: {why}", rule.code);
        // It stands alone as the help of a finding, without the SQL behind it.
        let first = rule.instead.split("\n\n").next().unwrap();
        assert!(first.ends_with('.'), "{}: {first}", rule.code);
    }
}
