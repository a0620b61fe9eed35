//! The text of a migration, whose lines know where they come from.

/// Text with the line, from 1, that each of its lines was in the original.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) text: String,
    lines: Vec<u32>,
}

impl Text {
    /// A whole file.
    pub(super) fn whole(text: impl Into<String>) -> Self {
        let text = text.into();
        let count = text.split_inclusive('\n').count();
        Self {
            text,
            lines: (1..).take(count).collect(),
        }
    }

    /// Adds a line, with its end.
    pub(super) fn push(&mut self, line: &str, number: u32) {
        self.text.push_str(line);
        self.lines.push(number);
    }

    /// Puts lines before the others, and an empty one behind them.
    pub(super) fn with_head(self, head: &[&str]) -> Self {
        if head.is_empty() {
            return self;
        }
        let end = if self.text.contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        let mut result = Self::default();
        for line in head.iter().chain(&[""]) {
            result.push(&format!("{line}{end}"), 1);
        }
        result.text.push_str(&self.text);
        result.lines.extend(self.lines);
        result
    }

    /// The line of the original.
    pub(super) fn original_line(&self, line: u32) -> u32 {
        let place = usize::try_from(line)
            .unwrap_or(usize::MAX)
            .saturating_sub(1);
        let known = self.lines.get(place).or(self.lines.last());
        known.copied().unwrap_or(1)
    }

    /// Takes empty lines from both ends, down to one line end.
    pub(super) fn trimmed(self) -> Self {
        let lines: Vec<_> = self.text.split_inclusive('\n').zip(self.lines).collect();
        let is_text = |(line, _): &(&str, u32)| !line.trim().is_empty();
        let first = lines.iter().position(is_text).unwrap_or(lines.len());
        let last = lines
            .iter()
            .rposition(is_text)
            .map_or(first, |last| last + 1);
        let mut result = Self::default();
        for (line, number) in &lines[first..last] {
            result.push(line, *number);
        }
        result
    }
}

/// The lines of a file with their ends and their numbers, from 1.
pub(super) fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1..).zip(text.split_inclusive('\n'))
}

#[cfg(test)]
mod tests {
    use super::{Text, numbered};

    #[test]
    fn lines_know_where_they_come_from() {
        let mut text = Text::default();
        for (number, line) in numbered("a\r\n\r\nb\r\nc\r\n\r\n").filter(|(it, _)| *it != 1) {
            text.push(line, number);
        }
        let text = text.trimmed();
        assert_eq!(text.text, "b\r\nc\r\n");
        let text = text.with_head(&["-- x"]);
        assert_eq!(text.text, "-- x\r\n\r\nb\r\nc\r\n");
        assert_eq!([1, 3, 4, 9].map(|it| text.original_line(it)), [1, 3, 4, 4]);
    }
}
