//! What the app's role can use, told.

use schema_core::apply::{FleetTarget, GapKind, GrantGap};
use schema_core::diagnostic::{Finding, Severity};

use crate::context::Context;
use crate::exit_code::Exit;
use crate::fleet::{grouped, listed};

/// The role that the app connects as, by the flag or the configuration.
pub(crate) fn app_role(context: &Context, flag: Option<&String>) -> Option<String> {
    flag.or(context.config.app_role.as_ref()).cloned()
}

/// Tells each gap with its remedy. What the app will fail for makes the command end with findings.
pub(crate) fn tell(context: &Context, gaps: &[GrantGap]) -> Exit {
    for gap in gaps {
        context.printer.finding(&finding(gap));
    }
    exit_of(gaps.iter())
}

/// The same of many databases: what is alike is told once, with the names of those that have it.
pub(crate) fn tell_of_targets<'a>(
    context: &Context,
    gaps: impl Iterator<Item = (&'a GrantGap, &'a FleetTarget)>,
) -> Exit {
    let groups = grouped(gaps);
    for group in &groups {
        let names = listed(group.entries.iter().map(|target| target.name.as_str()));
        let finding = finding(group.what);
        context.printer.finding(&Finding {
            title: format!("{names}: {}", finding.title),
            ..finding
        });
    }
    exit_of(groups.iter().map(|group| group.what))
}

fn exit_of<'a>(mut gaps: impl Iterator<Item = &'a GrantGap>) -> Exit {
    if gaps.any(|gap| gap.kind.is_error()) {
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
