//! A stage as the text of a migration file.

use std::fmt::Write;

use super::Stage;
use crate::directory::TxMode;

/// The directives, then one blank-line-separated step for each statement, a comment above it.
/// Neighbours with the same comment are one step.
pub fn render(stage: &Stage) -> String {
    let mut text = String::new();
    // Atlas knows this one, under its own prefix only.
    if stage.tx_mode == TxMode::None {
        text.push_str("-- atlas:txmode none\n");
    }
    for directive in &stage.directives {
        writeln!(text, "-- {directive}").expect("a string takes everything");
    }
    let mut last = None;
    for statement in &stage.statements {
        if last != Some(&statement.comment) {
            let gap = if text.is_empty() { "" } else { "\n" };
            // A name may hold a line break; a comment may not.
            let comment = statement.comment.replace(['\r', '\n'], " ");
            writeln!(text, "{gap}-- {comment}").expect("a string takes everything");
        }
        writeln!(text, "{};", statement.ddl).expect("a string takes everything");
        last = Some(&statement.comment);
    }
    text
}
