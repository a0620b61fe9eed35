//! YAML files of others: edited by lines, so that comments and layout stay, and only if a parser then
//! finds exactly what it should.

use serde_yaml_ng::{Mapping, Value};

use super::block::Block;

/// Why a file is not edited.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unsafe {
    /// It is not YAML.
    #[error("it cannot be read as YAML: {0}")]
    Syntax(String),
    /// It has another form than lines can be added to.
    #[error("it is laid out in a way that lines cannot be added to safely")]
    Layout,
}

/// What a file says.
pub(crate) fn parse(text: &str) -> Result<Mapping, Unsafe> {
    match serde_yaml_ng::from_str(text) {
        Ok(Value::Mapping(mapping)) => Ok(mapping),
        Ok(Value::Null) => Ok(Mapping::new()),
        Ok(_) => Err(Unsafe::Layout),
        Err(error) => Err(Unsafe::Syntax(error.to_string())),
    }
}

/// Puts a block in, and makes sure that the file then says what is `wanted`.
pub(crate) fn put(
    text: &str,
    at: usize,
    block: &Block,
    wanted: &Mapping,
) -> Result<String, Unsafe> {
    let after = block.put(text, at);
    match parse(&after) {
        Ok(found) if found == *wanted => Ok(after),
        _ => Err(Unsafe::Layout),
    }
}

/// A line of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// Its text, without its end.
    pub(crate) text: &'a str,
    /// Where the next one begins.
    pub(crate) end: usize,
}

impl Line<'_> {
    /// How far it is indented; nothing for an empty line or a comment.
    pub(crate) fn indent(&self) -> Option<usize> {
        let bare = self.text.trim_start_matches(' ');
        let is_text = !bare.trim().is_empty() && !bare.starts_with('#');
        is_text.then(|| self.text.len() - bare.len())
    }

    /// Whether it is this key with its value on the lines below.
    fn opens(&self, key: &str) -> bool {
        let bare = self.text.trim_start_matches(' ');
        let bare = bare.strip_prefix(key).and_then(|it| it.strip_prefix(':'));
        bare.is_some_and(|rest| rest.trim().is_empty() || rest.trim_start().starts_with('#'))
    }
}

/// The lines of a text.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut end = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        end += line.len();
        Line {
            text: line.trim_end_matches(['\n', '\r']),
            end,
        }
    });
    lines.collect()
}

/// The line that opens a key of the top, and those that belong to it.
pub(crate) fn opened<'a, 'b>(
    lines: &'b [Line<'a>],
    key: &str,
) -> Option<(Line<'a>, &'b [Line<'a>])> {
    let at = lines
        .iter()
        .position(|line| line.indent() == Some(0) && line.opens(key))?;
    let below = &lines[at + 1..];
    let is_next = |line: &Line<'_>| line.indent() == Some(0) && !line.text.starts_with('-');
    let length = below.iter().position(is_next).unwrap_or(below.len());
    Some((lines[at], &below[..length]))
}

/// The line that opens a key one level below, and those that belong to it.
pub(crate) fn opened_below<'a, 'b>(
    lines: &'b [Line<'a>],
    key: &str,
) -> Option<(Line<'a>, &'b [Line<'a>])> {
    let indent = lines.iter().find_map(Line::indent)?;
    let at = lines
        .iter()
        .position(|line| line.indent() == Some(indent) && line.opens(key))?;
    let below = &lines[at + 1..];
    let is_next = |line: &Line<'_>| line.indent().is_some_and(|it| it <= indent);
    let length = below.iter().position(is_next).unwrap_or(below.len());
    Some((lines[at], &below[..length]))
}

/// A file of GitLab with one more local file among its `include`; `None` where it has it.
pub(crate) fn append_include(text: &str, local: &str) -> Result<Option<String>, Unsafe> {
    let mut wanted = parse(text)?;
    if text.contains(local) {
        return Ok(None);
    }
    if wanted.contains_key("include") {
        return Err(Unsafe::Layout);
    }
    let lines = vec!["include:".to_owned(), format!("  - local: {local}")];
    let entry = Mapping::from_iter([("local".into(), local.into())]);
    wanted.insert(
        "include".into(),
        Value::Sequence(vec![Value::Mapping(entry)]),
    );
    let block = Block {
        label: String::new(),
        indent: String::new(),
        lines,
    };
    put(text, text.len(), &block, &wanted).map(Some)
}
