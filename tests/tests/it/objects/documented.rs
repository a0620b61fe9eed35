//! The snippets of docs/objects.md.

use std::fmt::Write as _;

use super::project;
use crate::cli::{migrate, migrations};

#[test]
fn what_the_page_shows_is_a_schema() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/objects.md");
    let page = fs_err::read_to_string(page).unwrap();
    let blocks = page.split("```rust\n").skip(1);
    let mut source = "//! The page.\n".to_owned();
    for (number, block) in blocks.enumerate() {
        let code = block.split("```").next().unwrap();
        writeln!(source, "pub mod m{number} {{\n{code}}}").unwrap();
    }
    let project = project("objects-page", &source);
    migrate(&project, &["generate", "first"]).ok();
    migrate(&project, &["check"]).ok();
    let (_, text) = migrations(&project).pop().unwrap();
    for made in [
        "CREATE VIEW active_user",
        "CREATE TYPE address",
        "PARTITION BY RANGE (on_day)",
        "CREATE POLICY own",
        "CREATE TRIGGER stamp",
    ] {
        assert!(text.contains(made), "no `{made}` in:\n{text}");
    }
}
