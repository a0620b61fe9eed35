//! Whole directories through a thousand random changes each: every one is told, with the first bad
//! file, its line and the reason.
//!
//! `MUTATION_SEED=NUMBER` asks for other changes than those of every day.

mod mutate;
mod oracle;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use integration_tests::corpus;
use integration_tests::repository::TestRepository;
use schema_core::directory::{ChainFault, Directory, Prefixes, Problem, SUM_FILE};

use mutate::{Random, mutated};
use oracle::{Files, State, as_hashed, is_same, verdict};

/// Changes of each directory.
const CHANGES: usize = 1000;

/// Of these, one in so many is put on disk for the binary.
const SAMPLED: usize = 50;

thread_local! {static T: std::cell::Cell<std::time::Duration> = const {std::cell::Cell::new(std::time::Duration::ZERO)}; static S: std::cell::Cell<std::time::Duration> = const {std::cell::Cell::new(std::time::Duration::ZERO)};}
fn seed() -> u64 {
    let given = std::env::var("MUTATION_SEED").ok();
    given.map_or(5, |text| text.parse().expect("MUTATION_SEED is a number"))
}

/// A directory to change: where it comes from, how it is, and its files as they were hashed.
struct Subject {
    name: String,
    state: State,
    hashed: Files,
}

impl Subject {
    fn intact(name: impl Into<String>, files: Files) -> Self {
        Self {
            name: name.into(),
            hashed: files.clone(),
            state: State::hashed(files),
        }
    }

    /// A thousand changes, each judged twice; and those in between that change nothing which counts.
    fn survive(&self) {
        let base = verdict(&self.state, &self.hashed);
        assert_eq!(told(&self.state), base, "{}, unchanged", self.name);
        let seed = seed();
        let mut random = Random::new(seed, &self.name);
        let sample = Sample::new();
        let mut counts = BTreeMap::<&str, usize>::new();
        let (mut changes, mut same) = (0, 0);
        while changes < CHANGES {
            let (what, now) = mutated(&self.state, &mut random);
            let number = changes + same;
            let context = || format!("{}, seed {seed}, change {number}: {what}", self.name);
            let expected = verdict(&now, &self.hashed);
            assert_eq!(told(&now), expected, "{}", context());
            if is_same(&now, &self.state) {
                assert_eq!(expected, base, "{}", context());
                same += 1;
            } else {
                assert_ne!(expected, [], "{} goes unseen", context());
                *counts.entry(expected[0].code()).or_default() += 1;
                changes += 1;
            }
            if number % SAMPLED == 0 {
                sample.validate(&now, &expected, &context());
            }
        }
        let name = &self.name;
        println!("{name}: {changes} changes {counts:?}, and {same} that change nothing");
    }
}

/// What the product says of the chain; it comes before what it says of single files.
fn told(state: &State) -> Vec<ChainFault> {
    let texts = state.files.clone().into_iter().collect();
    let path = Utf8Path::new("migrations");
    let sum = state.sum.as_deref();
    let directory = Directory::from_texts(path, texts, sum, &Prefixes::default());
    let problems = directory.verify().into_iter();
    let chain = problems.map_while(|problem| match problem {
        Problem::Chain(ChainFault::SameVersion { .. })
        | Problem::Directive { .. }
        | Problem::Split { .. } => None,
        Problem::Chain(fault) => Some(fault),
    });
    chain.collect()
}

/// A folder for the binary.
struct Sample(TestRepository);

impl Sample {
    fn new() -> Self {
        Self(TestRepository::folder())
    }

    /// `cargo migrate validate` says the same, and first.
    fn validate(&self, state: &State, expected: &[ChainFault], context: &str) {
        let folder = self.0.root().join("migrations");
        if folder.exists() {
            fs_err::remove_dir_all(&folder).unwrap();
        }
        fs_err::create_dir(&folder).unwrap();
        for (name, body) in &state.files {
            self.0.migration(name, body);
        }
        if let Some(sum) = &state.sum {
            self.0.write("migrations/atlas.sum", sum);
        }
        let ran = self.0.migrate(&["validate", "--json"]);
        let Some(first) = expected.first() else {
            // What is wrong inside of files is not the matter here.
            if ran.code != 0 {
                let codes = ran.codes();
                let inside = |code: &String| ["D008", "D009", "D010"].contains(&code.as_str());
                assert!(codes.iter().all(inside), "{context}: {codes:?}");
            }
            return;
        };
        if state.sum.is_none() && ran.code == 3 {
            // Names as another tool has them, and no sum that says otherwise.
            assert!(
                ran.err.contains("looks like a directory of"),
                "{context}: {}",
                ran.err
            );
            return;
        }
        assert_eq!(ran.code, 11, "{context}: {}{}", ran.out, ran.err);
        let finding = ran.json()["findings"][0].clone();
        let (file, line) = first.places().remove(0);
        let place = &finding["places"][0];
        assert_eq!(
            (
                &finding["code"],
                &finding["title"],
                &place["file"],
                &place["line"]
            ),
            (
                &first.code().into(),
                &first.to_string().into(),
                &format!("migrations/{file}").into(),
                &line.into()
            ),
            "{context}"
        );
    }
}

/// The `.sql` files of a folder.
fn files(folder: &Utf8Path) -> Files {
    let texts = corpus::sql_files(folder).into_iter().map(|path| {
        let name = path.file_name().expect("a file").to_owned();
        (name, fs_err::read_to_string(path).unwrap())
    });
    texts.collect()
}

/// A directory with its own sum; and, where git took the CRLF from files that were hashed with it,
/// as it was before, too.
fn with_own_sum(folder: &Utf8PathBuf) -> Vec<Subject> {
    let name = folder.file_name().expect("a folder").to_owned();
    let sum = fs_err::read_to_string(folder.join(SUM_FILE)).unwrap();
    let state = State {
        files: files(folder),
        sum: Some(sum.clone()),
    };
    let hashed = as_hashed(&state.files, &sum);
    let restored = State {
        files: hashed.clone(),
        sum: Some(sum),
    };
    assert_eq!(verdict(&restored, &hashed), [], "{name}, as it was hashed");
    let mut subjects = Vec::new();
    if state != restored {
        subjects.push(Subject {
            name: format!("{name} with LF"),
            state,
            hashed: hashed.clone(),
        });
    }
    subjects.push(Subject {
        name,
        state: restored,
        hashed,
    });
    subjects
}

#[test]
fn public_directories_survive_a_thousand_changes() {
    for folder in corpus::entries("atlas") {
        for subject in with_own_sum(&folder) {
            subject.survive();
        }
    }
}

#[test]
fn public_histories_survive_a_thousand_changes() {
    for folder in corpus::entries("histories") {
        let name = folder.file_name().expect("a folder");
        Subject::intact(name, files(&folder)).survive();
    }
}

fn own(files: &[(&str, &str)]) -> Files {
    let owned = files
        .iter()
        .map(|(name, body)| ((*name).to_owned(), (*body).to_owned()));
    owned.collect()
}

#[test]
fn a_directory_with_everything_survives_a_thousand_changes() {
    let everything = own(&[
        (
            "10_ten.sql",
            "CREATE TABLE ten (id int);\nCREATE INDEX ON ten (id);\n",
        ),
        ("11_ignored.sql", "-- atlas:sum ignore\nSELECT 11;\n"),
        ("12_empty.sql", ""),
        ("13_crlf.sql", "-- thirteen\r\nSELECT 13;\r\n"),
        ("14_hidden.sql", "-- atlas:sum ignore\r\nSELECT 14;\r\n"),
        ("15_bom.sql", "\u{feff}-- fifteen\nSELECT 15;\n"),
        ("16_no_end.sql", "SELECT 16;\nSELECT 17"),
        ("17_mixed.sql", "SELECT 1;\r\nSELECT 2;\nSELECT 3;\r\n"),
        ("18_twin.sql", "SELECT 'twin';\n"),
        ("19_twin.sql", "SELECT 'twin';\n"),
        ("20.sql", "SELECT 'Zwölf Boxkämpfer 語';\n"),
        ("9_after_all.sql", "-- atlas:txmode none\n\nSELECT 9;\n"),
        (".hidden.sql", "SELECT 0;\n"),
        ("9z_ignored.sql", "#atlas:sum   ignore"),
    ]);
    Subject::intact("everything", everything).survive();
    let up = own(&[
        ("1_a.up.sql", "CREATE TABLE a (id int);\n"),
        ("2_b.up.sql", "CREATE TABLE b (id int);\n"),
        ("3_c.up.sql", "CREATE TABLE c (id int);\n"),
    ]);
    Subject::intact("up files", up).survive();
    Subject::intact("one file", own(&[("1_a.sql", "SELECT 1;\n")])).survive();
    Subject::intact("no file", Files::new()).survive();
}

#[test]
fn a_byte_that_is_no_text_is_told_with_its_line() {
    let mut random = Random::new(seed(), "bytes");
    let sample = TestRepository::folder();
    let bodies = own(&[
        ("1_a.sql", "SELECT 1;\nSELECT 2;\n"),
        ("2_b.sql", "SELECT 3;\n"),
    ]);
    for (name, body) in &bodies {
        sample.migration(name, body);
    }
    sample.hash();
    sample.migrate(&["validate"]).ends(0, &[]);
    for (name, body) in &bodies {
        let at = random.below(body.len());
        let line = body[..at].matches('\n').count() + 1;
        let bytes = [&body.as_bytes()[..at], &[0xff], &body.as_bytes()[at..]].concat();
        sample.write(&format!("migrations/{name}"), bytes);
        let told = sample.migrate(&["validate"]);
        told.ends(3, &[&format!("migrations/{name}"), &format!("line {line}")]);
        sample.migration(name, body);
    }
}

#[test]
fn the_oracle_knows_the_sum_of_nothing() {
    // In Atlas's own words, so that the oracle stands on something.
    let empty = State::hashed(Files::new());
    let sum = "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    assert_eq!(empty.sum.as_deref(), Some(sum));
}
