//! The SQL scanner: where statements and comments begin and end, by PostgreSQL's own lexical rules.

use std::ops::Range;

use super::split::{SplitError, SplitFault};

/// What a pass over a script finds, all as byte ranges.
pub(super) struct Script {
    /// Statement texts: from the first character that is no comment to the delimiter, trimmed.
    pub statements: Vec<Range<usize>>,
    /// Every comment.
    pub comments: Vec<Comment>,
}

/// A comment, with its markers.
pub(super) struct Comment {
    pub range: Range<usize>,
    pub place: CommentPlace,
}

/// Where a comment stands relative to the statements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum CommentPlace {
    /// Before the statement of this index, on a line of its own; that statement may not exist.
    Before(usize),
    /// Inside the statement of this index.
    Inside(usize),
    /// After the end of the statement of this index, on the same line.
    Behind(usize),
}

/// Scans `text` from byte `start`. The error comes with what was found before it.
pub(super) fn scan(text: &str, start: usize, delimiter: &str) -> (Script, Option<SplitError>) {
    let mut scanner = Scanner::new(text, start, delimiter);
    let mut error = None;
    loop {
        match scanner.statement() {
            Ok(true) => {}
            Ok(false) => break,
            Err(fault) => {
                error = Some(fault);
                break;
            }
        }
    }
    (scanner.script, error)
}

/// What psql finds next in a script, as byte ranges.
pub(super) enum Found {
    /// A statement, the places of colons in it that may begin a variable, and whether its data are
    /// in the script too, or are to go to the terminal.
    Statement {
        range: Range<usize>,
        colons: Vec<usize>,
        client_copy: bool,
    },
    /// A backslash command where a statement could begin: the rest of its line.
    MetaCommand(Range<usize>),
    /// Nothing.
    End,
}

/// What psql finds from byte `start` on, and where that ends.
pub(super) fn next_for_psql(text: &str, start: usize) -> Result<(Found, usize), SplitError> {
    let mut scanner = Scanner {
        for_psql: true,
        ..Scanner::new(text, start, ";")
    };
    let error = match scanner.statement() {
        Ok(true) => {
            let range = scanner.script.statements.pop().unwrap_or(start..start);
            let found = Found::Statement {
                colons: scanner.colons,
                client_copy: scanner.client_copy,
                range,
            };
            return Ok((found, scanner.position));
        }
        Ok(false) => return Ok((Found::End, text.len())),
        Err(error) => error,
    };
    let begins = scanner.begin == scanner.position;
    if !begins || !matches!(error.fault, SplitFault::MetaCommand(_)) {
        return Err(error);
    }
    let rest = scanner.rest();
    let end = scanner.position + rest.find('\n').unwrap_or(rest.len());
    Ok((Found::MetaCommand(scanner.position..end), end))
}

/// The line, from 1, of byte `position`.
pub(super) fn line_of(text: &str, position: usize) -> u32 {
    let before = &text.as_bytes()[..position.min(text.len())];
    u32::try_from(before.split(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    delimiter: &'a str,
    position: usize,
    script: Script,
    /// Whether what psql alone understands may be in it.
    for_psql: bool,
    /// Where the statement begins.
    begin: usize,
    colons: Vec<usize>,
    client_copy: bool,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, start: usize, delimiter: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            delimiter,
            position: start,
            script: Script {
                statements: Vec::new(),
                comments: Vec::new(),
            },
            for_psql: false,
            begin: start,
            colons: Vec::new(),
            client_copy: false,
        }
    }

    /// Scans one statement; `false` at the end of the text.
    fn statement(&mut self) -> Result<bool, SplitError> {
        self.leading_comments()?;
        let start = self.position;
        self.begin = start;
        let mut words = Words::default();
        let mut parentheses: Vec<usize> = Vec::new();
        while let Some(&byte) = self.bytes.get(self.position) {
            let here = self.position;
            match byte {
                b'(' => {
                    parentheses.push(here);
                    self.position += 1;
                }
                b')' => {
                    if parentheses.pop().is_none() {
                        return Err(self.error(here, SplitFault::UnexpectedParenthesis));
                    }
                    self.position += 1;
                }
                b'\'' => self.quoted(
                    b'\'',
                    self.is_escape_string(here),
                    SplitFault::UnclosedString,
                )?,
                b'"' => self.quoted(b'"', false, SplitFault::UnclosedIdentifier)?,
                _ if parentheses.is_empty()
                    && words.block == 0
                    && self.rest().starts_with(self.delimiter) =>
                {
                    self.position += self.delimiter.len();
                    let end = if self.delimiter == ";" {
                        self.position
                    } else {
                        here
                    };
                    self.emit(start..end, &words)?;
                    return Ok(true);
                }
                b'$' if self.dollar_tag().is_some() => self.dollar_quoted()?,
                _ if self.comment_opener() => {
                    let range = self.comment()?;
                    let place = CommentPlace::Inside(self.script.statements.len());
                    self.script.comments.push(Comment { range, place });
                }
                b'\\' => {
                    return Err(self.error(here, SplitFault::MetaCommand(self.line_from(here))));
                }
                0 => return Err(self.error(here, SplitFault::NulByte)),
                // `::` is a cast.
                b':' if self.for_psql && self.rest().starts_with("::") => self.position += 2,
                b':' if self.for_psql => {
                    self.colons.push(here);
                    self.position += 1;
                }
                _ if is_identifier_byte(byte) => {
                    while self
                        .bytes
                        .get(self.position)
                        .is_some_and(|byte| is_identifier_byte(*byte) || *byte == b'$')
                    {
                        self.position += 1;
                    }
                    if parentheses.is_empty() {
                        words.see(&self.text[here..self.position], here);
                    }
                }
                _ => self.position += 1,
            }
        }
        if let Some(open) = parentheses.first() {
            return Err(self.error(*open, SplitFault::UnclosedParenthesis));
        }
        if words.block > 0 {
            return Err(self.error(words.block_start, SplitFault::UnclosedBlock));
        }
        if self.text[start..].trim().is_empty() {
            return Ok(false);
        }
        self.emit(start..self.position, &words)?;
        Ok(true)
    }

    fn emit(&mut self, range: Range<usize>, words: &Words) -> Result<(), SplitError> {
        let text = &self.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        let trimmed = start..start + text.trim().len();
        self.client_copy = words.client_copy;
        if words.client_copy && !self.for_psql {
            return Err(self.error(trimmed.start, SplitFault::ClientCopy));
        }
        if words.first.eq_ignore_ascii_case("delimiter") {
            return Err(self.error(trimmed.start, SplitFault::DelimiterCommand));
        }
        self.script.statements.push(trimmed);
        Ok(())
    }

    /// White space and comments up to the next statement.
    fn leading_comments(&mut self) -> Result<(), SplitError> {
        let next = self.script.statements.len();
        let line_goes_on = self.position > 0 && self.bytes[self.position - 1] != b'\n';
        let mut behind = next.checked_sub(1).filter(|_| line_goes_on);
        loop {
            let rest = self.rest();
            let skipped = rest.len() - rest.trim_start().len();
            if rest[..skipped].contains('\n') {
                behind = None;
            }
            self.position += skipped;
            if self.rest().starts_with(self.delimiter) || !self.comment_opener() {
                return Ok(());
            }
            let place = behind.map_or(CommentPlace::Before(next), CommentPlace::Behind);
            let range = self.comment()?;
            self.script.comments.push(Comment { range, place });
        }
    }

    fn comment_opener(&self) -> bool {
        self.rest().starts_with("--") || self.rest().starts_with("/*")
    }

    /// `-- …` to the end of the line (which it does not include), or `/* … */`, which nests.
    fn comment(&mut self) -> Result<Range<usize>, SplitError> {
        let start = self.position;
        if self.rest().starts_with("--") {
            self.position += self.rest().find('\n').unwrap_or(self.rest().len());
            return Ok(start..self.position);
        }
        let mut depth = 0_usize;
        while self.position < self.bytes.len() {
            match &self.bytes[self.position..] {
                [b'/', b'*', ..] => {
                    depth += 1;
                    self.position += 2;
                }
                [b'*', b'/', ..] => {
                    depth -= 1;
                    self.position += 2;
                    if depth == 0 {
                        return Ok(start..self.position);
                    }
                }
                _ => self.position += 1,
            }
        }
        Err(self.error(start, SplitFault::UnclosedComment))
    }

    /// `E'…'`, where a backslash escapes. The `E` must not be the end of a longer word.
    fn is_escape_string(&self, quote: usize) -> bool {
        let before = &self.bytes[..quote];
        matches!(before.last(), Some(b'e' | b'E'))
            && !before
                .len()
                .checked_sub(2)
                .is_some_and(|index| is_identifier_byte(before[index]) || before[index] == b'$')
    }

    fn quoted(&mut self, quote: u8, escapes: bool, fault: SplitFault) -> Result<(), SplitError> {
        let start = self.position;
        self.position += 1;
        // A doubled quote reads as two strings side by side, which has the same end.
        while let Some(&byte) = self.bytes.get(self.position) {
            self.position += 1;
            match byte {
                b'\\' if escapes => self.position += 1,
                0 => return Err(self.error(self.position - 1, SplitFault::NulByte)),
                _ if byte == quote => return Ok(()),
                _ => {}
            }
        }
        Err(self.error(start, fault))
    }

    /// The length of `$tag$` at the position, unless the `$` belongs to a word before it.
    fn dollar_tag(&self) -> Option<usize> {
        if self.position > 0 && is_identifier_byte(self.bytes[self.position - 1]) {
            return None;
        }
        let tag = &self.bytes[self.position + 1..];
        let length = tag
            .iter()
            .take_while(|byte| is_identifier_byte(**byte))
            .count();
        let starts_well = length == 0 || !tag[0].is_ascii_digit();
        (starts_well && tag.get(length) == Some(&b'$')).then_some(length + 2)
    }

    fn dollar_quoted(&mut self) -> Result<(), SplitError> {
        let start = self.position;
        let length = self.dollar_tag().expect("the caller saw a tag here");
        let tag = &self.text[start..start + length];
        let body = start + length;
        let Some(end) = self.text[body..].find(tag) else {
            return Err(self.error(start, SplitFault::UnclosedDollarQuote(tag.to_owned())));
        };
        self.position = body + end + length;
        Ok(())
    }

    fn rest(&self) -> &str {
        &self.text[self.position..]
    }

    fn line_from(&self, position: usize) -> String {
        self.text[position..]
            .lines()
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    }

    fn error(&self, position: usize, fault: SplitFault) -> SplitError {
        SplitError {
            line: line_of(self.text, position),
            fault,
        }
    }
}

/// The words of a statement outside parentheses, as far as they decide where it ends.
#[derive(Default)]
struct Words {
    first: String,
    count: usize,
    /// `CREATE [OR REPLACE] FUNCTION | PROCEDURE`: its body may be `BEGIN ATOMIC … END`.
    routine: bool,
    /// Open `BEGIN` and `CASE` of such a body, where a semicolon ends no statement.
    block: usize,
    block_start: usize,
    previous: String,
    client_copy: bool,
}

impl Words {
    fn see(&mut self, word: &str, position: usize) {
        let word = word.to_ascii_lowercase();
        if self.count == 0 {
            self.first.clone_from(&word);
        }
        if self.count < 4
            && self.first == "create"
            && matches!(word.as_str(), "function" | "procedure")
        {
            self.routine = true;
        }
        if self.routine {
            match word.as_str() {
                "atomic" if self.block == 0 && self.previous == "begin" => {
                    self.block = 1;
                    self.block_start = position;
                }
                "case" if self.block > 0 => self.block += 1,
                "end" if self.block > 0 => self.block -= 1,
                _ => {}
            }
        }
        if self.first == "copy" {
            self.client_copy |= matches!(
                (self.previous.as_str(), word.as_str()),
                ("from", "stdin") | ("to", "stdout")
            );
        }
        self.previous = word;
        self.count += 1;
    }
}

fn is_identifier_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
