//! A file begins or ends transactions by itself.

use crate::diagnostic::Severity;
use crate::directory::TxMode;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A file begins or ends transactions by itself.
pub(super) const RULE: Rule = Rule {
    code: "T041",
    name: "transaction-control",
    topic: Topic::Running,
    severity: Severity::Error,
    title: "a file begins or ends transactions by itself",
    why: "A file runs as one transaction. COMMIT ends it in the middle: what stands before \
          stays when something behind it fails, and what stands behind runs statement by \
          statement. BEGIN inside of it is only a warning, SQLSTATE 25001.",
    instead: "Leave it to the runner, or say that the file does it by itself.\n\
              \n\
              ```sql\n\
              -- atlas:txmode none\n\
              BEGIN;\n\
              ALTER TABLE users ADD COLUMN plan text;\n\
              COMMIT;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, file) in steps.files.iter().enumerate() {
        if file.tx_mode() == TxMode::None {
            continue;
        }
        let statements = file.statements().unwrap_or_default();
        let control = statements.iter().find(|it| it.controls_transaction());
        if let Some(statement) = control {
            let first = statement
                .text
                .split([' ', ';', '\n'])
                .next()
                .unwrap_or_default();
            let title = format!(
                "{} in a file that runs as one transaction",
                first.to_uppercase()
            );
            hits.push(Hit::at_line(Some((place, statement.line)), title));
        }
    }
    hits
}
