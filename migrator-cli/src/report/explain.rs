//! The page of a rule.

use schema_core::rule::Rule;

use super::wrap::indented;
use crate::exit_code::Exit;
use crate::failure::Failure;

/// The rule of a code, or the rules of a name, in any case: what breaks the previous release and
/// what blocks the app may go by one name.
pub(crate) fn find_rules(
    asked: &str,
    rules: &[&'static Rule],
) -> Result<Vec<&'static Rule>, Failure> {
    let is_it = |rule: &&&Rule| {
        rule.code.eq_ignore_ascii_case(asked) || rule.name.eq_ignore_ascii_case(asked)
    };
    let found: Vec<&'static Rule> = rules.iter().filter(is_it).copied().collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let distance =
        |word: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &asked.to_lowercase());
    let nearest = rules
        .iter()
        .map(|rule| (distance(rule.code).min(distance(rule.name)), rule))
        .min_by_key(|(distance, _)| *distance);
    let failure = Failure::new(Exit::Usage, format!("there is no rule `{asked}`"));
    Err(match nearest {
        Some((_, rule)) => failure.with_help(format!(
            "did you mean {} ({})? docs/rules lists them all",
            rule.code, rule.name
        )),
        None => failure,
    })
}

/// Its page, for a terminal.
pub(crate) fn explain(rule: &Rule) -> String {
    format!(
        "{} {}: {}\n\nWhy\n{}\n\nInstead\n{}",
        rule.code,
        rule.name,
        rule.title,
        indented(rule.why),
        indented(rule.instead)
    )
}
