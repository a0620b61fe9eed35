//! A recorded query of the previous release, and what is told of it when it breaks.

use std::ops::Range;

use super::broken::{Broken, Layer, Source};
use super::compare::{Difference, differences, results};
use super::description::Description;
use super::live::LiveFailure;
use super::plan::Planned;
use super::query::RecordedQuery;
use super::trial::Refusal;
use crate::ident::Ident;

/// A recorded query that works at the base.
#[derive(Debug)]
pub(super) struct OldQuery {
    pub(super) recorded: RecordedQuery,
    pub(super) planned: Planned,
    /// What it takes and gives at the base, once that was asked.
    pub(super) description: Option<Description>,
}

/// A query with the number of its parameters.
pub(super) fn call(recorded: &RecordedQuery) -> (&str, usize) {
    (&recorded.text, recorded.parameters.len())
}

impl OldQuery {
    fn source(&self, span: Option<Range<usize>>) -> Source {
        let (file, text) = (self.recorded.file.clone(), self.recorded.text.clone());
        Source::Query { file, text, span }
    }

    /// What is told of a query that PostgreSQL refuses.
    pub(super) fn refused(&self, layer: Layer, refusal: &Refusal) -> Broken {
        let text = &self.recorded.text;
        let span = refusal.position.map(|position| span(text, position));
        let named = span.as_ref().filter(|_| refusal.sqlstate == "42703");
        let named = named.and_then(|span| text[span.clone()].rsplit('.').next());
        let named = named.map(|name| Ident::new(name.trim_matches('"')));
        Broken {
            what: self.source(span),
            layer,
            table: None,
            column: refusal.column.clone().or(named),
            sqlstate: Some(refusal.sqlstate.clone()),
            message: refusal.message.clone(),
            before: "works".into(),
            after: refusal.message.clone(),
        }
    }

    /// What of its parameters and results changed, and whether a pool feels more than that.
    pub(super) fn differs(&self, now: &Description, live: Option<&LiveFailure>) -> Vec<Broken> {
        let Some(before) = &self.description else {
            return Vec::new();
        };
        let found = differences(before, now, &self.recorded.columns).into_iter();
        let mut broken: Vec<Broken> = found.map(|difference| self.changed(difference)).collect();
        broken.extend(live.map(|failure| {
            let message = failure.message.clone();
            let (before, after) = results(before, now);
            let (before, after) = if before == after {
                ("works".into(), message.clone())
            } else {
                (before, after)
            };
            Broken {
                what: self.source(None),
                layer: Layer::Live,
                table: None,
                column: None,
                sqlstate: Some(failure.sqlstate.clone()),
                message,
                before,
                after,
            }
        }));
        broken
    }

    fn changed(&self, difference: Difference) -> Broken {
        let Difference {
            message,
            origin,
            before,
            after,
        } = difference;
        let (table, column) = origin.map(|origin| (origin.table, origin.column)).unzip();
        let text = &self.recorded.text;
        let at = column
            .as_ref()
            .and_then(|column: &Ident| word(text, column.as_str()));
        Broken {
            what: self.source(at),
            layer: Layer::Types,
            table,
            column,
            sqlstate: None,
            message,
            before,
            after,
        }
    }
}

/// The bytes of the word at a character, counted from 1.
fn span(text: &str, position: usize) -> Range<usize> {
    let start = text
        .char_indices()
        .nth(position.saturating_sub(1))
        .map_or(text.len(), |(at, _)| at);
    let rest = &text[start..];
    let length = match rest.chars().next() {
        Some('\'') => rest[1..].find('\'').map_or(rest.len(), |end| end + 2),
        _ => rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '$' | '*')))
            .unwrap_or(rest.len()),
    };
    let first = rest.chars().next().map_or(0, char::len_utf8);
    start..start + length.max(first)
}

/// The bytes of a name in a text.
fn word(text: &str, name: &str) -> Option<Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let found = text.match_indices(name).find(|(at, _)| {
        !text[..*at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part)
    });
    found.map(|(at, _)| at..at + name.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_the_word_at_a_character() {
        let text = "SELECT 'ä', u.\"age\", id FROM users u WHERE kind = 'void'";
        assert_eq!(&text[span(text, 13)], "u.\"age\"");
        assert_eq!(&text[span(text, 51)], "'void'");
        assert_eq!(span("a +", 3), 2..3);
    }

    #[test]
    fn a_word_is_whole() {
        assert_eq!(word("SELECT paid, id", "id"), Some(13..15));
        assert_eq!(word("SELECT paid", "id"), None);
    }
}
