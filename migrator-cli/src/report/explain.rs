//! The rule that somebody asks about.

use schema_core::rule::Rule;

use crate::exit_code::Exit;
use crate::failure::Failure;

/// The rule of a code or name, in any case.
pub(crate) fn find_rule(asked: &str, rules: &[&'static Rule]) -> Result<&'static Rule, Failure> {
    let is_it = |rule: &&&Rule| {
        rule.code.eq_ignore_ascii_case(asked) || rule.name.eq_ignore_ascii_case(asked)
    };
    if let Some(found) = rules.iter().find(is_it) {
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
