//! Which names an expression mentions.

use std::collections::BTreeSet;

/// The identifiers of an SQL expression, and those within its string literals: `nextval('a.b')`
/// mentions `a` and `b`.
///
/// A name may be found that means something else, so this is for what is harmless when done
/// without need.
pub(super) fn mentions(expression: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    scan(expression, &mut found);
    found
}

fn scan(text: &str, found: &mut BTreeSet<String>) {
    let mut characters = text.chars().peekable();
    // `E'…'`, in which a backslash is written twice.
    let mut escaped = false;
    while let Some(character) = characters.next() {
        match character {
            quote @ ('\'' | '"') => {
                let mut inside = String::new();
                while let Some(next) = characters.next() {
                    if next == '\\' && escaped {
                        inside.extend(characters.next());
                    } else if next != quote {
                        inside.push(next);
                    } else if characters.next_if_eq(&quote).is_some() {
                        inside.push(quote);
                    } else {
                        break;
                    }
                }
                if quote == '"' {
                    found.insert(inside);
                } else {
                    scan(&inside, found);
                }
                escaped = false;
            }
            start if start.is_alphabetic() || start == '_' => {
                let mut word = String::from(start);
                let inner = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '$');
                while let Some(next) = characters.next_if(inner) {
                    word.push(next);
                }
                escaped = word == "E" && characters.peek() == Some(&'\'');
                found.insert(word);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn quoted_names_and_names_in_literals_are_found() {
        let found = mentions(r#"nextval('app."My seq"'::regclass) + "a""b" || lower(c_1)"#);
        for name in ["app", "My seq", "regclass", "a\"b", "lower", "c_1"] {
            assert!(found.contains(name), "{name} in {found:?}");
        }
        assert_eq!(found.len(), 7);
        let found = mentions(r#"nextval(E'"back\\slash"'::regclass) || "c\d" "#);
        for name in [r"back\slash", r"c\d"] {
            assert!(found.contains(name), "{name} in {found:?}");
        }
    }
}
