//! Functions that call what comes after them in the same stage.

use super::{Stage, Statement};
use crate::catalog::ObjectKind;
use crate::ddl::{Ddl, ObjectVerb, UncheckedBodies};
use crate::directory::TxMode;

/// The stage without a look at the bodies of functions, where something else comes into being that
/// they may call: PostgreSQL does not say what a body that is a string uses.
pub(super) fn unchecked(mut stage: Stage) -> Stage {
    let first = stage.statements.iter().position(is_function);
    let others = stage.statements.iter().filter(|it| makes_something(it));
    if let Some(first) = first.filter(|_| others.count() > 1) {
        let how = match stage.tx_mode {
            TxMode::File => UncheckedBodies::Transaction,
            TxMode::None => UncheckedBodies::Session,
        };
        let statement = Statement::new(Ddl::UncheckedBodies(how), Vec::new());
        stage.statements.insert(first, statement);
    }
    stage
}

fn is_function(statement: &Statement) -> bool {
    match &statement.ddl {
        Ddl::Object(object) => {
            object.verb != ObjectVerb::Drop
                && matches!(object.id.kind, ObjectKind::Function | ObjectKind::Procedure)
        }
        _ => false,
    }
}

/// Whether a body may name what the statement makes.
fn makes_something(statement: &Statement) -> bool {
    match &statement.ddl {
        Ddl::Object(object) => {
            object.verb != ObjectVerb::Drop
                && object.id.kind != ObjectKind::Comment
                && !object.id.kind.is_privilege()
        }
        Ddl::Table(_) | Ddl::Sequence(_) | Ddl::Enum(_) | Ddl::Domain(_) => true,
        _ => false,
    }
}
