//! Tests: directory.

use camino::Utf8PathBuf;
use schema_core::directory::{Directory, EditCause, Problem, Reason};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus/atlas");

fn corpus(name: &str) -> Option<Directory> {
    let root = std::env::var("MIGRATE_CORPUS").unwrap_or_else(|_| CORPUS.to_owned());
    let path = Utf8PathBuf::from(root).join(name);
    if !path.is_dir() {
        eprintln!("skipped: no corpus at {path}");
        return None;
    }
    Some(Directory::load(&path).unwrap())
}

#[test]
fn atlas_directories_are_intact() {
    for name in [
        "chainloop-dev+chainloop",
        "Comfy-Org+registry-backend",
        "diggerhq+digger",
        "hatchet-dev+hatchet",
    ] {
        let Some(directory) = corpus(name) else {
            return;
        };
        assert_eq!(directory.verify(), [], "{name}");
        let sum = fs_err::read_to_string(directory.path.join("atlas.sum")).unwrap();
        assert_eq!(directory.computed_sum().to_string(), sum, "{name}");
    }
}

#[test]
fn a_directory_hashed_with_crlf_names_its_first_file_and_line() {
    let Some(directory) = corpus("Bengo-Hub+pos-api") else {
        return;
    };
    let problems = directory.verify();
    assert_eq!(
        problems[0],
        Problem::Chain {
            file: "20260324210314_initial_schema.sql".to_owned(),
            line: 2,
            reason: Reason::Edited(Some(EditCause::HashedWithCrlf)),
        }
    );
}
