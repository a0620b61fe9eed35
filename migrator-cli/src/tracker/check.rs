//! Every live shim has an open issue, or the check fails.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use schema_core::diagnostic::{Finding, Place, Severity};
use schema_core::directory::LiveShim;
use schema_core::gate::issue::{CLOSED, NO_NUMBER, NO_TRACKER, PULL_REQUEST, UNKNOWN, UNREACHABLE};
use schema_core::rule::Rule;

use super::{IssueState, Opened, Tracker, TrackerError};

/// A live shim, and what is known of its issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShimState {
    /// The shim.
    pub(crate) shim: LiveShim,
    /// The state of its issue; `None` where nobody looked or nobody knows.
    pub(crate) state: Option<IssueState>,
}

/// Asks for the issues of the shims, once each.
///
/// `None` for the tracker means that nothing says where issues are; `Some(None)` that they are not
/// to be looked at.
pub(crate) fn check(
    shims: Vec<LiveShim>,
    tracker: Option<&Opened>,
) -> (Vec<ShimState>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut states = BTreeMap::new();
    let unreached = match tracker {
        _ if shims.is_empty() => None,
        None => {
            findings.push(no_tracker(&shims));
            None
        }
        Some(None) => None,
        Some(Some(Err(error))) => Some(unreachable(&shims, error)),
        Some(Some(Ok(tracker))) => {
            let asked = ask(&shims, tracker.as_ref(), &mut states);
            for shim in &shims {
                findings.extend(judged(shim, &states, tracker.as_ref()));
            }
            asked.err().map(|error| unreachable(&shims, &error))
        }
    };
    findings.extend(unreached);
    let shims = shims.into_iter().map(|shim| {
        let number = shim.issue.parse::<u64>().ok();
        let state = number.and_then(|number| states.get(&number).copied());
        ShimState { shim, state }
    });
    (shims.collect(), findings)
}

/// The first failure ends it: the next request would fail alike, and take as long.
fn ask(
    shims: &[LiveShim],
    tracker: &dyn Tracker,
    states: &mut BTreeMap<u64, IssueState>,
) -> Result<(), TrackerError> {
    for number in shims.iter().filter_map(|shim| shim.issue.parse().ok()) {
        if let Entry::Vacant(entry) = states.entry(number) {
            entry.insert(tracker.state(number)?);
        }
    }
    Ok(())
}

fn judged(
    shim: &LiveShim,
    states: &BTreeMap<u64, IssueState>,
    tracker: &dyn Tracker,
) -> Option<Finding> {
    let LiveShim { old, issue, .. } = shim;
    let Ok(number) = issue.parse() else {
        let title = format!("`{issue}`, the issue of the shim of {old}, is not a number");
        return Some(finding(&NO_NUMBER, title, [shim]));
    };
    let (rule, title) = match states.get(&number)? {
        IssueState::Open => return None,
        IssueState::Closed => (
            &CLOSED,
            format!("issue #{issue} is closed, and the shim of {old} is still there"),
        ),
        IssueState::Unknown => (
            &UNKNOWN,
            format!(
                "{} knows no issue #{issue}, which the shim of {old} goes with",
                tracker.name()
            ),
        ),
        IssueState::PullRequest => (
            &PULL_REQUEST,
            format!(
                "#{issue}, which the shim of {old} goes with, is a pull request and not an issue"
            ),
        ),
    };
    let mut finding = finding(rule, title, [shim]);
    if rule.code == CLOSED.code {
        finding.help = Some(format!(
            "write the contract: cargo migrate generate drop_{} --contract '#{issue}'; or open the issue again if its work is not done",
            word(&old.to_string())
        ));
    }
    Some(finding)
}

fn unreachable(shims: &[LiveShim], error: &TrackerError) -> Finding {
    let title = format!("the issues of live shims could not be looked up: {error}");
    let mut finding = finding(&UNREACHABLE, title, shims);
    finding.help = Some(error.help());
    finding
}

fn no_tracker(shims: &[LiveShim]) -> Finding {
    let title = "there are live shims, and nothing says where their issues are";
    finding(&NO_TRACKER, title.to_owned(), shims)
}

fn finding<'a>(
    rule: &Rule,
    title: String,
    shims: impl IntoIterator<Item = &'a LiveShim>,
) -> Finding {
    let places = shims.into_iter().map(|shim| Place {
        label: format!("shim of {}, issue #{}", shim.old, shim.issue),
        ..Place::line(shim.file.clone(), shim.line)
    });
    Finding {
        places: places.collect(),
        notes: vec![rule.why.to_owned()],
        help: Some(rule.instead.to_owned()),
        ..Finding::new(rule.code, Severity::Error, title)
    }
}

/// A name as part of a file name.
fn word(name: &str) -> String {
    let keep = |it: char| if it.is_ascii_alphanumeric() { it } else { '_' };
    name.chars().map(keep).collect()
}
