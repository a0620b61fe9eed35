//! What can only be taken from the text that PostgreSQL deparses.
//!
//! The text is PostgreSQL's own, so its shape is fixed: strings and names in quotes that are
//! doubled within, keywords in upper case, no comments, no dollar quotes.

use crate::ident::{Ident, QualifiedName};

/// An expression without the parentheses around the whole of it.
pub(super) fn bare(expression: &str) -> &str {
    let mut expression = expression.trim();
    while expression.starts_with('(') && closing(expression, 0) == Some(expression.len() - 1) {
        expression = expression[1..expression.len() - 1].trim();
    }
    expression
}

/// A collation as SQL spells it; `pg_catalog` goes without saying.
pub(super) fn collation(schema: Option<String>, name: Option<String>) -> Option<String> {
    let (schema, name) = (schema?, Ident::from(name?));
    Some(if schema == "pg_catalog" {
        name.to_string()
    } else {
        QualifiedName::new(schema, name).to_string()
    })
}

/// What follows the key of an index element.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ElementTail {
    pub(super) collation: Option<String>,
    pub(super) opclass: Option<String>,
    /// Of an exclusion constraint.
    pub(super) operator: Option<String>,
}

/// The elements of an index or exclusion constraint whose keys are known.
pub(super) fn elements(definition: &str, keys: &[String]) -> Option<Vec<ElementTail>> {
    let (method, _) = outside_quotes(definition)
        .find(|(index, _)| definition[*index..].starts_with(" USING "))
        .or_else(|| {
            definition
                .starts_with("EXCLUDE USING ")
                .then_some((7, b' '))
        })?;
    let (open, _) = outside_quotes(&definition[method..]).find(|(_, byte)| *byte == b'(')?;
    let open = method + open;
    let list = &definition[open + 1..closing(definition, open)?];
    let elements = split(list, b',');
    if elements.len() != keys.len() {
        return None;
    }
    elements
        .iter()
        .zip(keys)
        .map(|(element, key)| element.trim().strip_prefix(key.as_str()).and_then(tail))
        .collect()
}

fn tail(text: &str) -> Option<ElementTail> {
    let mut tail = ElementTail::default();
    let mut words = split(text, b' ')
        .into_iter()
        .filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        match word {
            "COLLATE" => tail.collation = Some(words.next()?.to_owned()),
            "WITH" => tail.operator = Some(words.next()?.to_owned()),
            "DESC" => {}
            "NULLS" => drop(words.next()?),
            opclass => match &mut tail.opclass {
                Some(known) => {
                    known.push(' ');
                    known.push_str(opclass);
                }
                none => *none = Some(opclass.to_owned()),
            },
        }
    }
    Some(tail)
}

/// The parts between separators that are in no quotes and parentheses.
fn split(text: &str, separator: u8) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (index, byte) in outside_quotes(text) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            byte if byte == separator && depth == 0 => {
                parts.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Where the parenthesis that opens at `open` closes.
fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, byte) in outside_quotes(&text[open..]) {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(open + index);
        }
    }
    None
}

/// The ASCII bytes that are in no quotes, with their places.
fn outside_quotes(text: &str) -> impl Iterator<Item = (usize, u8)> {
    let mut quote = None;
    text.bytes().enumerate().filter(move |(_, byte)| {
        match quote {
            Some(open) if open == *byte => quote = None,
            Some(_) => {}
            None if matches!(byte, b'\'' | b'"') => quote = Some(*byte),
            None => return byte.is_ascii(),
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parentheses_go_only_where_they_hold_the_whole() {
        for (text, expected) in [
            ("(a > 0)", "a > 0"),
            ("((a > 0) AND (b > 0))", "(a > 0) AND (b > 0)"),
            ("(a > 0) AND (b > 0)", "(a > 0) AND (b > 0)"),
            ("(a <> ')'::text)", "a <> ')'::text"),
            ("(a <> 'it''s ('::text)", "a <> 'it''s ('::text"),
            ("(\"odd)\" > 0)", "\"odd)\" > 0"),
            (
                "(\nCASE\n    WHEN a THEN 1\nEND)",
                "CASE\n    WHEN a THEN 1\nEND",
            ),
            ("lower(a)", "lower(a)"),
            ("", ""),
        ] {
            assert_eq!(bare(text), expected);
        }
    }

    #[test]
    fn elements_are_read_behind_their_keys() {
        let keys = ["lower(a)", "\"x, (USING\"", "(a || ','::text)"].map(String::from);
        let definition = "CREATE INDEX \"i USING (\" ON public.t USING gin (lower(a) COLLATE \
            \"de-x-icu\" gin_trgm_ops (siglen='3,2') DESC, \"x, (USING\" NULLS FIRST, (a || \
            ','::text) s.ops) INCLUDE (b) WHERE (a > 0)";
        let tails = elements(definition, &keys).expect("understood");
        assert_eq!(tails[0].collation.as_deref(), Some("\"de-x-icu\""));
        assert_eq!(
            tails[0].opclass.as_deref(),
            Some("gin_trgm_ops (siglen='3,2')")
        );
        assert_eq!(tails[1], ElementTail::default());
        assert_eq!(tails[2].opclass.as_deref(), Some("s.ops"));

        let exclude = "EXCLUDE USING gist (room WITH =, during WITH OPERATOR(s.&&)) WHERE ((a))";
        let tails = elements(exclude, &["room", "during"].map(String::from)).expect("understood");
        assert_eq!(tails[0].operator.as_deref(), Some("="));
        assert_eq!(tails[1].operator.as_deref(), Some("OPERATOR(s.&&)"));
    }
}
