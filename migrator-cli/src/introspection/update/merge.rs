//! What changes between two spellings, done to a third: options that both spell alike stay as they are.

use crate::structs::spell;

use super::source::{Attribute, Member, Source};

/// The word that an option begins with.
fn key(option: &str) -> &str {
    let end = option.find(|c: char| !c.is_alphanumeric() && c != '_');
    &option[..end.unwrap_or(option.len())]
}

/// Options that no catalog knows, and that go with a change of the type.
const OF_A_CHANGE: &[&str] = &["using"];

/// The options of the source, where what was spelled `from` is to be `to`; `None` where they stay.
pub(super) fn options(source: &[String], from: &[String], to: &[String]) -> Option<Vec<String>> {
    let of = |options: &[String], wanted: &str| -> Vec<String> {
        let options = options.iter().filter(|it| key(it) == wanted);
        options.cloned().collect()
    };
    let mut keys: Vec<&str> = from.iter().chain(to).map(|it| key(it)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.retain(|key| of(from, key) != of(to, key));
    if keys.is_empty() {
        return None;
    }
    let goes = |option: &String| {
        let option = key(option);
        keys.contains(&option) || keys.contains(&"type") && OF_A_CHANGE.contains(&option)
    };
    let mut merged: Vec<String> = Vec::new();
    let mut placed: Vec<&str> = Vec::new();
    for option in source {
        let word = key(option);
        if goes(option) {
            if keys.contains(&word) && !placed.contains(&word) {
                placed.push(word);
                merged.extend(of(to, word));
            }
        } else {
            merged.push(option.clone());
        }
    }
    let new = to
        .iter()
        .filter(|it| keys.contains(&key(it)) && !placed.contains(&key(it)));
    merged.extend(new.cloned());
    Some(merged)
}

/// Writes options where those of an attribute were.
pub(super) fn write(
    file: &mut Source,
    word: &str,
    there: &[&Attribute],
    bare: usize,
    indent: &str,
    options: &[String],
) {
    let mut there = there.iter();
    match (there.next(), options.is_empty()) {
        (None, true) => {}
        (None, false) => {
            let lines = spell::attribute_text(word, options, indent);
            file.insert_before(bare, &lines);
        }
        (Some(first), true) if word == "column" || word == "pg" => file.remove(first.range.clone()),
        (Some(first), _) => {
            let lines = spell::attribute_text(word, options, indent);
            let text = lines.join("\n").trim_start().to_owned();
            file.replace(first.range.clone(), text);
        }
    }
    for other in there {
        file.remove(other.range.clone());
    }
}

/// The options of all `#[column]` of a field.
pub(super) fn column_options(member: &Member) -> Vec<String> {
    let attributes = member.attributes.iter().filter(|it| it.word == "column");
    attributes
        .flat_map(|it| it.options.iter().cloned())
        .collect()
}

/// Changes the doc comment of what has these attributes.
pub(super) fn docs(
    file: &mut Source,
    attributes: &[Attribute],
    start: usize,
    indent: &str,
    comment: Option<&str>,
) {
    for attribute in attributes.iter().filter(|it| it.word == "doc") {
        file.remove(attribute.range.clone());
    }
    let lines = comment.and_then(|comment| spell::docs(comment, indent));
    if let Some(lines) = lines {
        file.insert_before(start, &lines);
    }
}

/// The type of a field, where what was spelled `from` is to be `to`: its own, where only NULL differs.
pub(super) fn field_type(own: &str, from: &str, to: &str) -> Option<String> {
    if from == to {
        return None;
    }
    let inner = |text: &str| {
        let inner = text
            .strip_prefix("Option<")
            .and_then(|it| it.strip_suffix('>'));
        inner.map(str::to_owned)
    };
    if inner(to).as_deref() == Some(from) {
        return Some(match inner(own) {
            Some(_) => own.to_owned(),
            None => format!("Option<{own}>"),
        });
    }
    if inner(from).as_deref() == Some(to) {
        return Some(inner(own).unwrap_or_else(|| own.to_owned()));
    }
    Some(to.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_taken_over() {
        let texts = |options: &[&str]| -> Vec<String> {
            options.iter().map(|it| (*it).to_owned()).collect()
        };
        let source = texts(&["default=  1", "deprecated = \"old\"", "index"]);
        let merged = options(
            &source,
            &texts(&["default = 1", "index"]),
            &texts(&["default = 1", "unique"]),
        );
        assert_eq!(
            merged,
            Some(texts(&["default=  1", "deprecated = \"old\"", "unique"]))
        );
        assert_eq!(options(&source, &source, &source), None);
    }

    #[test]
    fn a_type_of_ones_own_stays_where_only_null_differs() {
        for (own, from, to, expected) in [
            ("Email", "String", "Option<String>", Some("Option<Email>")),
            ("Option<Email>", "Option<String>", "String", Some("Email")),
            ("Email", "String", "i32", Some("i32")),
            ("Email", "String", "String", None),
        ] {
            assert_eq!(field_type(own, from, to).as_deref(), expected);
        }
    }
}
