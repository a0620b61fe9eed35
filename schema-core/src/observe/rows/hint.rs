//! What the text of a condition says about the values that satisfy it.

use std::iter::Peekable;
use std::str::Chars;

/// A literal in a condition, as PostgreSQL deparses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// A number without quotes.
    Number(String),
    /// A text, and the type that it is cast to.
    Text(String, String),
    /// What `LIKE` compares with.
    Like(String),
    /// What a regular expression operator compares with.
    Regex(String),
}

/// The literals of a condition.
pub(super) fn hints(condition: &str) -> Vec<Hint> {
    let mut found = Vec::new();
    let mut before = String::new();
    let mut rest = condition.chars().peekable();
    while let Some(next) = rest.next() {
        let in_word = before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '"'));
        if next == '\'' {
            let escaped = before.ends_with('E');
            let text = quoted(&mut rest, escaped);
            let cast = cast(&mut rest);
            let operator = before.trim_end_matches('E').trim_end_matches([' ', '(']);
            let operator = operator.trim_end_matches('*');
            found.push(if operator.ends_with("~~") {
                Hint::Like(text)
            } else if operator.ends_with('~') {
                Hint::Regex(text)
            } else {
                Hint::Text(text, cast)
            });
            before.clear();
        } else if next.is_ascii_digit() && !in_word {
            let mut number = String::from(next);
            while let Some(digit) = rest.next_if(|c| c.is_ascii_digit() || *c == '.') {
                number.push(digit);
            }
            found.push(Hint::Number(number));
            before.clear();
        } else {
            before.push(next);
        }
    }
    found
}

/// The rest of a literal after its first quote.
fn quoted(rest: &mut Peekable<Chars<'_>>, escaped: bool) -> String {
    let mut text = String::new();
    while let Some(next) = rest.next() {
        match next {
            '\'' if rest.next_if_eq(&'\'').is_none() => break,
            '\\' if escaped => text.extend(rest.next()),
            other => text.push(other),
        }
    }
    text
}

/// The type after `::`, if one follows.
fn cast(rest: &mut Peekable<Chars<'_>>) -> String {
    let mut name = String::new();
    while rest.next_if_eq(&':').is_some() {}
    while let Some(letter) = rest.next_if(|c| c.is_alphanumeric() || " _.[\"".contains(*c)) {
        name.push(letter);
        if letter == '[' && rest.next_if_eq(&']').is_some() {
            name.push(']');
        }
    }
    name.trim().to_owned()
}

/// Texts that a `LIKE` pattern matches.
pub(super) fn like(pattern: &str) -> String {
    let mut text = String::new();
    let mut rest = pattern.chars();
    while let Some(next) = rest.next() {
        match next {
            '%' | '_' => text.push('a'),
            '\\' => text.extend(rest.next()),
            other => text.push(other),
        }
    }
    text
}

/// A text that a regular expression matches, for the common part of its language; each `place`
/// takes another way through it. `None` where it is not understood.
pub(super) fn sample(pattern: &str, place: usize) -> Option<String> {
    let mut rest = pattern.chars().peekable();
    let mut out = String::new();
    alternatives(&mut rest, place, &mut out, 0)?;
    rest.next().is_none().then_some(out)
}

fn alternatives(
    rest: &mut Peekable<Chars<'_>>,
    place: usize,
    out: &mut String,
    depth: usize,
) -> Option<()> {
    let mut all = vec![String::new()];
    while let Some(next) = rest.peek().copied() {
        match next {
            ')' if depth > 0 => break,
            '|' => {
                rest.next();
                all.push(String::new());
            }
            _ => {
                let piece = atom(rest, place, depth)?;
                let last = all.last_mut()?;
                for turn in 0..times(rest, place)? {
                    last.push_str(&piece[turn % piece.len()]);
                }
            }
        }
    }
    out.push_str(&all[place % all.len()]);
    Some(())
}

/// What one part of a pattern can be, at least one text.
fn atom(rest: &mut Peekable<Chars<'_>>, place: usize, depth: usize) -> Option<Vec<String>> {
    let one = |c: char| Some(vec![c.to_string()]);
    match rest.next()? {
        '^' | '$' => Some(vec![String::new()]),
        '.' => one('a'),
        '(' => {
            if rest.next_if_eq(&'?').is_some() {
                rest.next_if_eq(&':')?;
            }
            let mut inner = String::new();
            alternatives(rest, place, &mut inner, depth + 1)?;
            rest.next_if_eq(&')')?;
            Some(vec![inner])
        }
        '[' => class(rest, place),
        '\\' => match rest.next()? {
            'd' => Some(digits(place)),
            'w' => Some(vec![('a'..='z').cycle().nth(place)?.to_string()]),
            's' => one(' '),
            'm' | 'M' | 'y' | 'A' | 'Z' | 'b' => Some(vec![String::new()]),
            other if other.is_alphanumeric() => None,
            other => one(other),
        },
        '*' | '+' | '?' | '{' => None,
        other => one(other),
    }
}

fn digits(place: usize) -> Vec<String> {
    (1..10)
        .map(|digit| ((digit + place) % 10).to_string())
        .collect()
}

/// Some members of a bracket expression whose opening bracket was read.
fn class(rest: &mut Peekable<Chars<'_>>, place: usize) -> Option<Vec<String>> {
    let negated = rest.next_if_eq(&'^').is_some();
    let mut members: Vec<char> = Vec::new();
    loop {
        match rest.next()? {
            ']' if !members.is_empty() => break,
            '[' if rest.next_if_eq(&':').is_some() => {
                let mut name = String::new();
                while let Some(letter) = rest.next_if(|c| *c != ':') {
                    name.push(letter);
                }
                rest.next();
                rest.next_if_eq(&']')?;
                members.extend(match name.as_str() {
                    "digit" => "123".chars(),
                    "upper" => "ABC".chars(),
                    "space" => " ".chars(),
                    "punct" => "-.".chars(),
                    _ => "abc".chars(),
                });
            }
            '\\' => members.extend(match rest.next()? {
                'd' => "123".chars().collect::<Vec<_>>(),
                'w' => "abc".chars().collect(),
                's' => vec![' '],
                other => vec![other],
            }),
            '-' if !members.is_empty() && rest.peek() != Some(&']') => {
                let (low, high) = (*members.last()?, rest.next()?);
                members.extend((low..=high).skip(1).take(8));
            }
            other => members.push(other),
        }
    }
    if negated {
        members = ('a'..='z').filter(|c| !members.contains(c)).collect();
    }
    if members.is_empty() {
        return None;
    }
    let shift = place % members.len();
    members.rotate_left(shift);
    Some(members.into_iter().map(String::from).collect())
}

/// How often a part is repeated.
fn times(rest: &mut Peekable<Chars<'_>>, place: usize) -> Option<usize> {
    let often = match rest.peek() {
        Some('*' | '+') => 1 + place,
        Some('?') => place % 2,
        Some('{') => {
            rest.next();
            let mut low = String::new();
            while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                low.push(digit);
            }
            while rest.next_if(|c| *c != '}').is_some() {}
            low.parse().ok()?
        }
        _ => return Some(1),
    };
    rest.next();
    rest.next_if_eq(&'?');
    Some(often)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_found_with_their_casts() {
        assert_eq!(
            hints("((a > 10) AND (b = ANY (ARRAY['x'::text, 'it''s'::character varying])))"),
            [
                Hint::Number("10".into()),
                Hint::Text("x".into(), "text".into()),
                Hint::Text("it's".into(), "character varying".into()),
            ]
        );
        assert_eq!(
            hints("(email ~~ '%@%'::text) AND (code ~* E'^\\\\d+$'::text)"),
            [Hint::Like("%@%".into()), Hint::Regex("^\\d+$".into())]
        );
    }

    #[test]
    fn samples_of_common_patterns_match_them() {
        let check = |pattern: &str, expected: &str| {
            assert_eq!(sample(pattern, 0).as_deref(), Some(expected), "{pattern}");
        };
        check("^[A-Z]{2}$", "AB");
        check("^[a-z0-9]+(?:-[a-z0-9]+)*$", "a-a");
        check("^\\d{3}-\\d{4}$", "123-1234");
        check("^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$", "a@a.ab");
        check("^(draft|done)$", "draft");
        check("^#[[:xdigit:]]{6}$", "#abcabc");
        assert_eq!(sample("(?=x)", 0), None);
        assert_eq!(sample("*", 0), None);
    }
}
