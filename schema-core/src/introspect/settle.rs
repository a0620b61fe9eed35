//! Expressions in the one spelling that stays when PostgreSQL reads it and spells it again.

use crate::catalog::{Catalog, ConstraintKind, Generation, IndexElement, IndexKey};

/// Settles every expression of the catalog.
///
/// PostgreSQL spells `code IN ('a', 'b')`, for a `varchar`, as `ANY ((ARRAY[…])::text[])` when it
/// has read that, and as `ANY (ARRAY[(…)::text, …])` when it has read the former: the cast moves
/// to the elements. Both are the same to us, or a plan would never come to rest.
pub(super) fn settle(catalog: &mut Catalog) {
    for domain in catalog.domains.values_mut() {
        domain.default.iter_mut().for_each(settle_text);
        let checks = domain.checks.values_mut();
        checks.for_each(|check| settle_text(&mut check.expression));
    }
    for table in catalog.tables.values_mut() {
        for column in &mut table.columns {
            match &mut column.generation {
                Generation::Default(text)
                | Generation::Stored(text)
                | Generation::Virtual(text) => settle_text(text),
                Generation::None | Generation::Identity(_) => {}
            }
        }
        for constraint in table.constraints.values_mut() {
            match &mut constraint.kind {
                ConstraintKind::Check(check) => settle_text(&mut check.expression),
                ConstraintKind::Exclusion(exclusion) => {
                    exclusion.predicate.iter_mut().for_each(settle_text);
                    let elements = exclusion.elements.iter_mut();
                    elements.for_each(|(element, _)| settle_element(element));
                }
                ConstraintKind::PrimaryKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::ForeignKey(_) => {}
            }
        }
        for index in table.indexes.values_mut() {
            index.predicate.iter_mut().for_each(settle_text);
            index.elements.iter_mut().for_each(settle_element);
        }
    }
}

fn settle_element(element: &mut IndexElement) {
    if let IndexKey::Expression(text) = &mut element.key {
        settle_text(text);
    }
}

fn settle_text(text: &mut String) {
    if text.contains(OPEN) && text.contains(CLOSE) {
        *text = settled(text);
    }
}

const OPEN: &str = "(ARRAY[";
const CLOSE: &str = "])::text[]";

/// `(ARRAY[a, b])::text[]` as `ARRAY[(a)::text, (b)::text]`, in a text that PostgreSQL spelled.
pub fn settled(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(OPEN) {
        let (before, array) = rest.split_at(start);
        result.push_str(before);
        let inside = &array[OPEN.len()..];
        let (elements, end) = elements(inside);
        let after = &inside[end..];
        if let Some(after) = after.strip_prefix(CLOSE) {
            let cast = elements.iter().map(|it| format!("({it})::text"));
            result.push_str("ARRAY[");
            result.push_str(&cast.collect::<Vec<_>>().join(", "));
            result.push(']');
            rest = after;
        } else {
            result.push_str(OPEN);
            rest = inside;
        }
    }
    result.push_str(rest);
    result
}

/// The elements up to the bracket that closes the array, and where that is.
fn elements(text: &str) -> (Vec<&str>, usize) {
    let mut elements = Vec::new();
    let (mut depth, mut quote, mut start) = (0_usize, None, 0);
    for (place, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) => quote = quote.filter(|_| character != open),
            (None, '\'' | '"') => quote = Some(character),
            (None, '(' | '[') => depth += 1,
            (None, ']') if depth == 0 => {
                elements.push(text[start..place].trim_start());
                return (elements, place);
            }
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                elements.push(text[start..place].trim_start());
                start = place + 1;
            }
            (None, _) => {}
        }
    }
    (elements, text.len())
}

#[cfg(test)]
mod tests {
    use super::settled;

    #[test]
    fn a_cast_of_an_array_moves_to_its_elements() {
        let read_once = "(a)::text = ANY ((ARRAY['x, ]'::character varying, f(b, 1)])::text[])";
        let read_twice =
            "(a)::text = ANY (ARRAY[('x, ]'::character varying)::text, (f(b, 1))::text])";
        assert_eq!(settled(read_once), read_twice);
        assert_eq!(settled(read_twice), read_twice);
        let other = "a = ANY ((ARRAY[1, 2])::bigint[])";
        assert_eq!(settled(other), other);
    }
}
