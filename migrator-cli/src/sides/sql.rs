//! A plan as a script for psql.

use std::fmt::Write as _;

use schema_core::ddl::{Ddl, EnumDdl, Hazard};
use schema_core::directory::TxMode;
use schema_core::ident::literal;
use schema_core::plan::{Plan, Statement};

/// What the statements are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// All can be in one transaction.
    Plain,
    /// Tables are in use: stages, some of them in none.
    Online,
}

/// The statements of one transaction, or of none.
pub(crate) struct Step {
    pub(crate) in_transaction: bool,
    pub(crate) statements: Vec<Statement>,
}

/// The plan in this form.
pub(crate) fn steps(plan: Plan, form: Form) -> Vec<Step> {
    let stages = plan.stages.into_iter();
    if form == Form::Online {
        let steps = stages.map(|stage| Step {
            in_transaction: stage.tx_mode == TxMode::File,
            statements: stage.statements,
        });
        return steps.collect();
    }
    let mut steps: Vec<Step> = Vec::new();
    for statement in stages.flat_map(|stage| stage.statements) {
        let Statement {
            ddl,
            comment,
            cause,
            ..
        } = statement;
        let Some(ddl) = ddl.plain() else { continue };
        let statement = Statement {
            lock: ddl.lock(),
            hazards: ddl.hazards(),
            ddl,
            comment,
            cause,
        };
        let before = steps.last().map_or(&[][..], |step| &step.statements);
        if steps.is_empty() || uses_new_label(before, &statement) {
            steps.push(Step {
                in_transaction: true,
                statements: Vec::new(),
            });
        }
        if let Some(step) = steps.last_mut() {
            step.statements.push(statement);
        }
    }
    steps
}

/// A label of an enum can be used once it is committed (55P04).
fn uses_new_label(before: &[Statement], statement: &Statement) -> bool {
    let labels = before.iter().filter_map(|statement| match &statement.ddl {
        Ddl::Enum(EnumDdl::AddValue { label, .. }) => Some(literal(label)),
        _ => None,
    });
    let labels: Vec<String> = labels.collect();
    if labels.is_empty() || matches!(statement.ddl, Ddl::Enum(_)) {
        return false;
    }
    let sql = statement.ddl.to_string();
    labels.iter().any(|label| sql.contains(label))
}

/// The script; empty where nothing is to be done.
pub(crate) fn script(steps: &[Step], form: Form) -> String {
    let mut text = String::new();
    if steps.is_empty() {
        return text;
    }
    text.push_str("SET search_path = public;\nSET check_function_bodies = off;\n");
    for (place, step) in steps.iter().enumerate() {
        let wraps = form == Form::Online && step.in_transaction;
        if place > 0 && form == Form::Plain {
            text.push_str("\n-- What is above has to be committed first: run it without -1.\n");
        } else if form == Form::Online {
            let how = if wraps {
                "one transaction"
            } else {
                "no transaction"
            };
            let _ = writeln!(text, "\n-- Stage {} of {}: {how}", place + 1, steps.len());
        }
        if wraps {
            text.push_str("BEGIN;\n");
        }
        write_statements(&mut text, &step.statements);
        if wraps {
            text.push_str("\nCOMMIT;\n");
        }
    }
    if form == Form::Online {
        text.push_str("\nRESET lock_timeout;");
    }
    text.push_str("\nRESET check_function_bodies;\nRESET search_path;\n");
    text
}

fn write_statements(text: &mut String, statements: &[Statement]) {
    let mut last = None;
    for statement in statements {
        if last != Some(&statement.comment) {
            // A name may hold a line break; a comment may not.
            let comment = statement.comment.replace(['\r', '\n'], " ");
            let _ = writeln!(text, "\n-- {comment}");
        }
        for hazard in &statement.hazards {
            let hazard = Hazard::to_string(hazard).replace(['\r', '\n'], " ");
            let _ = writeln!(text, "-- Mind: {hazard}");
        }
        let _ = writeln!(text, "{};", statement.ddl);
        last = Some(&statement.comment);
    }
}
