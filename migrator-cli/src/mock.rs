//! Mock data never ships: names that say that a migration would hold some.

use schema_core::directory::mock_word;

use crate::exit_code::Exit;
use crate::failure::Failure;

/// Refuses such a name.
pub(crate) fn refuse(name: &str) -> Result<(), Failure> {
    let Some(word) = mock_word(name) else {
        return Ok(());
    };
    Err(Failure::new(
        Exit::Usage,
        format!("`{name}` says `{word}`: mock data is never a migration"),
    )
    .because("a migration runs on every database, production first")
    .with_help(
        "tests get a database of their own, with rows of their own, from `schema_core::testing`;\n\
         rows that production needs are configuration: declare them with `#[table(rows = …)]`, or name this config_…",
    ))
}
