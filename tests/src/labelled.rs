//! Migrations with a label: `tests/labelled`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use schema_core::apply::Silent;
use schema_core::dev_db::DevServer;
use schema_core::directory::{Directory, MigrationFile, Prefixes};
use schema_core::ident::{Ident, QualifiedName};
use schema_core::plan::shim::SECURITY_INVOKER;
use schema_core::review::{Review, ReviewOptions, review, rules};
use schema_core::rule::{Contract, Rule};

/// A file of `tests/labelled`: what is expected, the base if it is not the common one, new files.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// The name of its file.
    pub name: String,
    /// Codes of errors.
    pub expect: BTreeSet<String>,
    /// Codes of warnings that there must be.
    pub warns: BTreeSet<String>,
    /// The major versions of PostgreSQL for which it is true.
    pub majors: RangeInclusive<u32>,
    /// Letters of the codes whose rules are asked; all if empty.
    pub topics: String,
    /// What the previous release uses, where that is not everything.
    pub contract: Contract,
    /// The base, if it is not the common one.
    pub base: Option<String>,
    /// Names and texts of the new files.
    pub files: Vec<(String, String)>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("labelled")
}

fn codes(list: &str) -> BTreeSet<String> {
    list.split([',', ' '])
        .filter(|word| !word.is_empty() && *word != "nothing")
        .map(str::to_owned)
        .collect()
}

/// `users (id, name); orgs (id)`.
fn contract(list: &str) -> Contract {
    let table = |entry: &str| {
        let (table, columns) = entry
            .trim()
            .trim_end_matches(')')
            .split_once('(')
            .expect("columns in parentheses");
        let columns = columns.split(',').map(|it| Ident::from(it.trim()));
        (
            QualifiedName::in_default_schema(table.trim()),
            columns.collect(),
        )
    };
    Contract::Tables(list.split(';').map(table).collect())
}

fn read(name: &str, text: &str) -> Labelled {
    let mut case = Labelled {
        name: name.to_owned(),
        expect: BTreeSet::new(),
        warns: BTreeSet::new(),
        majors: 14..=18,
        topics: String::new(),
        contract: Contract::Base,
        base: None,
        files: Vec::new(),
    };
    let mut in_base = false;
    for line in text.lines() {
        if let Some(list) = line.strip_prefix("-- expect: ") {
            case.expect = codes(list);
        } else if let Some(list) = line.strip_prefix("-- warns: ") {
            case.warns = codes(list);
        } else if let Some(first) = line.strip_prefix("-- from: ") {
            case.majors = first.parse().expect("a major version")..=*case.majors.end();
        } else if let Some(last) = line.strip_prefix("-- to: ") {
            case.majors = *case.majors.start()..=last.parse().expect("a major version");
        } else if let Some(topics) = line.strip_prefix("-- topics: ") {
            topics.clone_into(&mut case.topics);
        } else if let Some(list) = line.strip_prefix("-- contract: ") {
            case.contract = contract(list);
        } else if line == "-- base" {
            in_base = true;
            case.base = Some(String::new());
        } else if let Some(file) = line.strip_prefix("-- file: ") {
            in_base = false;
            let number = case.files.len() + 1;
            let name = format!("202601010000{number:02}_{file}.sql");
            case.files.push((name, String::new()));
        } else {
            let part = match (&mut case.base, case.files.last_mut()) {
                (Some(base), _) if in_base => base,
                (_, Some((_, text))) => text,
                _ => panic!("{name}: `{line}` is in no file"),
            };
            writeln!(part, "{line}").expect("text takes text");
        }
    }
    assert!(!case.files.is_empty(), "{name} has no `-- file: name`");
    case
}

/// All cases, by name.
pub fn cases() -> Vec<Labelled> {
    let mut cases = Vec::new();
    for entry in fs_err::read_dir(folder()).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        let name = path
            .file_stem()
            .and_then(|it| it.to_str())
            .expect("a plain name")
            .to_owned();
        if name != "base" && path.extension().is_some_and(|it| it == "sql") {
            cases.push(read(
                &name,
                &fs_err::read_to_string(&path).expect("the file can be read"),
            ));
        }
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

/// The cases that are true on a major version of PostgreSQL.
pub fn cases_on(major: u32) -> Vec<Labelled> {
    let mut cases = cases();
    cases.retain(|case| case.majors.contains(&major));
    if major < SECURITY_INVOKER {
        let plain = |text: &str| text.replace(" WITH (security_invoker = true)", "");
        let files = cases.iter_mut().flat_map(|case| &mut case.files);
        files.for_each(|(_, text)| *text = plain(text));
    }
    cases
}

fn directory(files: Vec<(String, String)>) -> Directory {
    Directory::from_texts("migrations".into(), files, None, &Prefixes::default())
}

/// What the review says of a case.
pub async fn reviewed(dev: &DevServer, case: &Labelled) -> Result<Review, String> {
    let common = || fs_err::read_to_string(folder().join("base.sql")).expect("the base is there");
    let base = case.base.clone().unwrap_or_else(common);
    let base = directory(vec![("20250101000000_base.sql".to_owned(), base)]);
    let new: Vec<MigrationFile> = directory(case.files.clone()).files;
    let mut options = ReviewOptions {
        app_role: Some(Ident::new("app")),
        contract: case.contract.clone(),
        ..ReviewOptions::default()
    };
    if !case.topics.is_empty() {
        let asked = |rule: &&Rule| case.topics.contains(&rule.code[..1]);
        options.topics = rules().filter(asked).map(|rule| rule.topic).collect();
    }
    let reviewed = review(dev, &base, &new, &options, &mut Silent).await;
    reviewed.map_err(|error| error.to_string())
}
