//! Pieces of Rust text: strings, doc comments, attributes.

/// The longest line.
const WIDTH: usize = 100;

/// The longest list of options on one line, as rustfmt has it.
const OPTIONS_WIDTH: usize = 70;

/// A string literal: raw where that spares escapes and reads the same.
pub(crate) fn string(text: &str) -> String {
    let plain = format!("{text:?}");
    let shown = |c: char| (!c.is_control() || c == '\n') && !is_direction(c);
    let as_it_is = text.chars().all(shown) && (!plain.contains("\\u{") || text.contains("\\u{"));
    if !plain.contains('\\') || !as_it_is {
        return plain;
    }
    let mut fence = String::new();
    while text.contains(&format!("\"{fence}")) {
        fence.push('#');
    }
    format!("r{fence}\"{text}\"{fence}")
}

/// A comment as `/// …` lines; `None` where those would not say it to the letter.
pub(crate) fn docs(comment: &str, indent: &str) -> Option<Vec<String>> {
    let hidden = |c: char| c.is_control() && c != '\n' || is_direction(c);
    let exact = !comment.is_empty()
        && comment == comment.trim()
        && !comment.contains(hidden)
        // An empty line would be lost.
        && comment.split('\n').all(|line| line == line.trim_end() && !line.is_empty());
    exact.then(|| {
        let lines = comment.split('\n');
        lines
            .map(|line| format!("{indent}/// {line}").trim_end().to_owned())
            .collect()
    })
}

/// Characters that turn the direction of text, which the compiler refuses in comments.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// `#[word(options)]`, over several lines where it is long.
pub(crate) fn attribute(word: &str, options: &[String], indent: &str) -> Vec<String> {
    if options.is_empty() {
        return vec![format!("{indent}#[{word}]")];
    }
    let list = options.join(", ");
    let line = format!("{indent}#[{word}({list})]");
    if list.len() <= OPTIONS_WIDTH && line.len() <= WIDTH && !list.contains('\n') {
        return vec![line];
    }
    if let [only] = options {
        // One option is no list to be broken.
        return vec![format!("{indent}#[{word}({only})]")];
    }
    let mut lines = vec![format!("{indent}#[{word}(")];
    for (number, option) in options.iter().enumerate() {
        // As rustfmt leaves it: it takes a comma at the end away.
        let comma = if number + 1 == options.len() { "" } else { "," };
        let line = format!("{indent}    {option}{comma}");
        match broken(option).filter(|_| line.chars().count() >= WIDTH) {
            Some((word, inner)) => lines.extend([
                format!("{indent}    {word}("),
                format!("{indent}        {inner}"),
                format!("{indent}    ){comma}"),
            ]),
            None => lines.push(line),
        }
    }
    lines.push(format!("{indent})]"));
    // A line break within a raw string is one of the text.
    lines
        .iter()
        .flat_map(|line| line.split('\n').map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// `sql("…")`, which may stand on several lines.
fn broken(option: &str) -> Option<(&str, &str)> {
    let inner = option.strip_prefix("sql(")?.strip_suffix(')')?;
    (!inner.contains('\n')).then_some(("sql", inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_raw_where_they_would_need_escapes() {
        for (text, expected) in [
            ("a > 0", r#""a > 0""#),
            ("\"User\" > 0", r##"r#""User" > 0"#"##),
            ("a\nb", "r\"a\nb\""),
            ("a\rb", r#""a\rb""#),
            ("\u{202e}", r#""\u{202e}""#),
            ("it's {x}\\", "r\"it's {x}\\\""),
        ] {
            assert_eq!(string(text), expected);
        }
    }

    #[test]
    fn comments_that_doc_comments_would_change_are_none() {
        assert_eq!(
            docs("Who pays.\n  Or not.", ""),
            Some(vec!["/// Who pays.".to_owned(), "///   Or not.".to_owned()])
        );
        for comment in ["", "a\n\nb", " a", "a ", "a \nb", "a\r\nb", "\u{202e}a"] {
            assert_eq!(docs(comment, ""), None, "{comment:?}");
        }
    }
}
