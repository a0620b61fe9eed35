//! What the session of a stage is told: how long its statements wait for locks, and that functions
//! may mention what comes after them.

use super::{Stage, Statement};
use crate::catalog::ObjectKind;
use crate::ddl::{Ddl, LockLevel, LockTimeout, ObjectVerb, UncheckedBodies};
use crate::directory::TxMode;

/// The stage with a limit wherever a table that is in use is locked, and none for concurrent
/// builds; any that it has already is taken out.
pub(super) fn limited(stage: Stage) -> Stage {
    let mut now = None;
    let mut statements = Vec::new();
    let given = |statement: &Statement| {
        matches!(statement.ddl, Ddl::LockTimeout(_) | Ddl::UncheckedBodies(_))
    };
    let locks = stage.statements.iter().any(|it| wanted(it).is_some());
    if stage.tx_mode == TxMode::File && locks {
        statements.push(set(LockTimeout::Transaction));
    }
    let others = stage.statements.iter().filter(|it| !given(it)).count();
    if others > 1 && stage.statements.iter().any(has_body) {
        let unchecked = match stage.tx_mode {
            TxMode::None => UncheckedBodies::Session,
            TxMode::File => UncheckedBodies::Transaction,
        };
        let ddl = Ddl::UncheckedBodies(unchecked);
        statements.push(Statement::new(ddl, Vec::new()));
    }
    for statement in stage.statements.into_iter().filter(|it| !given(it)) {
        let wanted = wanted(&statement).filter(|_| stage.tx_mode == TxMode::None);
        if let Some(wanted) = wanted.filter(|wanted| now.as_ref() != Some(wanted)) {
            statements.push(set(wanted.clone()));
            now = Some(wanted);
        }
        statements.push(statement);
    }
    Stage {
        statements,
        ..stage
    }
}

/// True where PostgreSQL would look into the body of a function.
fn has_body(statement: &Statement) -> bool {
    matches!(&statement.ddl, Ddl::Object(object)
        if object.verb != ObjectVerb::Drop
            && matches!(object.id.kind, ObjectKind::Function | ObjectKind::Procedure))
}

/// What a statement of a session asks for, if it locks anything.
fn wanted(statement: &Statement) -> Option<LockTimeout> {
    match &statement.ddl {
        Ddl::Index(index) if index.is_concurrent() => Some(LockTimeout::Off),
        _ if statement.lock == LockLevel::None => None,
        _ => Some(LockTimeout::Session),
    }
}

fn set(timeout: LockTimeout) -> Statement {
    Statement::new(Ddl::LockTimeout(timeout), Vec::new())
}
