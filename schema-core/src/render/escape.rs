//! Text within other text.

use std::fmt;

/// Text within markup, in an element or between the double quotes of an attribute.
///
/// What XML cannot hold at all is shown as the replacement character.
pub(super) struct Xml<'a>(pub(super) &'a str);

impl fmt::Display for Xml<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => formatter.write_str("&amp;")?,
                '<' => formatter.write_str("&lt;")?,
                '>' => formatter.write_str("&gt;")?,
                '"' => formatter.write_str("&quot;")?,
                '\n' | '\t' => formatter.write_str(" ")?,
                '\u{fffe}' | '\u{ffff}' => formatter.write_str("\u{fffd}")?,
                other if other.is_control() || is_bidi(other) => {
                    formatter.write_str("\u{fffd}")?;
                }
                other => write!(formatter, "{other}")?,
            }
        }
        Ok(())
    }
}

/// Marks that make text read in another order than it is in: names must not do that to a picture.
pub(super) fn is_bidi(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// JSON within a script element: nothing in it ends the element, or is a line end to a script.
pub(super) fn json_in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// A text of at most `most` columns of a fixed-width font, its end as `…` where there is more.
pub(super) fn cut(text: &str, most: i32) -> String {
    if columns(text) <= most {
        return text.to_owned();
    }
    let mut room = most - 1;
    let mut kept = String::new();
    for character in text.chars() {
        room -= column_of(character);
        if room < 0 {
            break;
        }
        kept.push(character);
    }
    kept.push('…');
    kept
}

/// How many columns of a fixed-width font a text takes, at most.
pub(super) fn columns(text: &str) -> i32 {
    text.chars().map(column_of).sum()
}

/// Letters of the East, pictures and the like take two.
fn column_of(character: char) -> i32 {
    if character < '\u{1100}' { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::{Xml, columns, cut, json_in_script};

    #[test]
    fn markup_holds_any_name() {
        let name = "</script>\"<&'\u{0}\u{202e}x\ny";
        let shown = Xml(name).to_string();
        assert_eq!(shown, "&lt;/script&gt;&quot;&lt;&amp;'\u{fffd}\u{fffd}x y");
    }

    #[test]
    fn json_does_not_end_the_script_that_it_is_in() {
        let json = serde_json::to_string("</script><!--\u{2028}&").unwrap();
        let shown = json_in_script(&json);
        assert!(!shown.contains(['<', '>', '&', '\u{2028}']), "{shown}");
        let back: String = serde_json::from_str(&shown).unwrap();
        assert_eq!(back, "</script><!--\u{2028}&");
    }

    #[test]
    fn long_names_are_cut_by_what_they_take() {
        assert_eq!(cut("users", 5), "users");
        assert_eq!(cut("customers", 5), "cust…");
        assert_eq!(cut("顧客の一覧", 6), "顧客…");
        assert_eq!(columns("a顧"), 3);
    }
}
