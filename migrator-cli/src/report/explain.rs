//! The page of a rule.

use schema_core::rule::Rule;

use super::wrap::indented;
use crate::exit_code::Exit;
use crate::failure::Failure;

/// A rule by its code or name, in any case.
pub(crate) fn find_rule(asked: &str, rules: &[&'static Rule]) -> Result<&'static Rule, Failure> {
    let is_it = |rule: &&&Rule| {
        rule.code.eq_ignore_ascii_case(asked) || rule.name.eq_ignore_ascii_case(asked)
    };
    if let Some(rule) = rules.iter().find(is_it) {
        return Ok(rule);
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
