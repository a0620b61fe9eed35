//! Compile-time errors, as the user sees them, and what has to compile.
//!
//! `TRYBUILD=overwrite cargo test --test ui` writes the expected messages; read each.

use std::path::Path;
use std::sync::Once;

#[test]
fn mistakes_get_one_message_each_at_their_place() {
    link_migrations();
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}

#[test]
fn what_the_grammar_allows_compiles_and_records_what_it_says() {
    link_migrations();
    trybuild::TestCases::new().pass("tests/ui-pass/*.rs");
}

/// Directories to embed, as `../migrations` of the package that trybuild makes: paths are relative
/// to its Cargo.toml.
fn link_migrations() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let program = std::env::current_exe().expect("a process knows its file");
        let target = program.ancestors().nth(3).expect("target/PROFILE/deps");
        let link = target.join("tests/trybuild/migrations");
        fs_err::create_dir_all(link.parent().expect("is below target")).expect("a folder");
        let _ = fs_err::remove_file(&link);
        let directories =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/migrate/directories");
        fs_err::os::unix::fs::symlink(directories, link).expect("a link");
    });
}
