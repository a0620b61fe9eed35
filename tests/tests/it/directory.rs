//! Tests: directory.

use schema_core::directory::{Directory, EditCause, Problem, Reason};

fn corpus(name: &str) -> Option<Directory> {
    let Some(corpus) = integration_tests::corpus::locate() else {
        println!("skipped: no corpus at ../shared/corpus");
        return None;
    };
    Some(Directory::load(&corpus.join("atlas").join(name)).unwrap())
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
