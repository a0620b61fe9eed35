//! What the app's role can use, told.

use schema_core::apply::{GapKind, GrantGap};
use schema_core::diagnostic::{Finding, Severity};

use crate::context::Context;
use crate::exit_code::Exit;

/// The role that the app connects as, by the flag or the configuration.
pub(crate) fn app_role(context: &Context, flag: Option<&String>) -> Option<String> {
    flag.or(context.config.app_role.as_ref()).cloned()
}

/// Tells each gap with its remedy. What the app will fail for makes the command end with findings.
pub(crate) fn tell(context: &Context, gaps: &[GrantGap]) -> Exit {
    for gap in gaps {
        context.printer.finding(&finding(gap));
    }
    if gaps.iter().any(|gap| gap.kind.is_error()) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

fn finding(gap: &GrantGap) -> Finding {
    let (severity, remedy) = match gap.kind {
        GapKind::Promised | GapKind::Shim => (Severity::Error, "as its owner"),
        GapKind::Unlike => (Severity::Warning, "unless it is meant so"),
    };
    Finding {
        help: Some(format!(
            "{remedy}, in a migration or by hand:\n{};",
            gap.remedy
        )),
        ..Finding::new("grants", severity, gap.to_string())
    }
}
