//! Compile-time errors, as the user sees them, and what has to compile.
//!
//! `TRYBUILD=overwrite cargo test --test ui` writes the expected messages; read each.

#[test]
fn mistakes_get_one_message_each_at_their_place() {
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}

#[test]
fn what_the_grammar_allows_compiles_and_records_what_it_says() {
    trybuild::TestCases::new().pass("tests/ui-pass/*.rs");
}
