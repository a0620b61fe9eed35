//! For a terminal: the source with what is meant underlined, why, and what to do.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use schema_core::diagnostic::Place;
use schema_core::review::{Judged, Standing};

use super::wrap::wrapped;
use super::{Report, Sources, Weight, step, weight};
use crate::approval::Approval;
use crate::tracker::ShimState;

/// Lines above and below what is underlined.
const AROUND: usize = 1;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    for judged in report.shown() {
        parts.push(finding(judged, report.sources));
        parts.push(String::new());
    }
    for ShimState { shim, state } in report.shims {
        let state = state.map_or("not looked up".to_owned(), |it| it.to_string());
        let file = report.sources.shown(&shim.file);
        parts.push(format!(
            "live shim of {}: issue #{} is {state} ({file}:{})",
            shim.old, shim.issue, shim.line
        ));
    }
    parts.extend(report.approval.map(|approval| match approval {
        Approval::Given { ground, .. } => format!("approved: {ground}"),
        Approval::None { reason } => format!("not approved: {reason}"),
    }));
    parts.extend(report.steps.iter().map(|step| step::line(step, report)));
    parts.push(format!("{}: {}", report.command, report.summary()));
    let command = report.command;
    let codes = report.codes().into_iter();
    parts.extend(codes.map(|code| format!("cargo migrate {command} --explain {code}")));
    parts.join("\n")
}

fn finding(judged: &Judged, sources: &Sources) -> String {
    let finding = &judged.finding;
    let level = match weight(judged) {
        Weight::Error => Level::ERROR,
        Weight::Warning => Level::WARNING,
        Weight::Approved => Level::NOTE.with_name("approved"),
    };
    let title = level.primary_title(&finding.title).id(finding.code);
    let mut group = Group::with_title(title);
    let mut excerpts: Vec<Excerpt<'_>> = Vec::new();
    let mut elsewhere = Vec::new();
    for (index, place) in finding.places.iter().enumerate() {
        match Excerpt::of(place, index == 0, sources) {
            Some(excerpt) => add(&mut excerpts, excerpt),
            None => elsewhere.push(place),
        }
    }
    for excerpt in &excerpts {
        group = group.element(excerpt.snippet());
    }
    for place in elsewhere {
        group = group.element(
            Origin::path(sources.shown(&place.file).into_string()).line(place.line as usize),
        );
    }
    for note in &finding.notes {
        group = group.element(Level::NOTE.message(wrapped(note).join("\n")));
    }
    if let Standing::Approved(ground) = &judged.standing {
        group = group.element(
            Level::NOTE
                .with_name("approved by")
                .message(wrapped(ground).join("\n")),
        );
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(wrapped(help).join("\n")));
    }
    let mut out = Renderer::styled().render(&[group]);
    if let Some(fix) = &finding.fix {
        // Without any gutter, so that it can be pasted.
        out.push('\n');
        for line in fix.trim_end().lines() {
            out.push_str("\n    ");
            out.push_str(line);
        }
    }
    out
}

/// A part of a file, and what is underlined in it.
struct Excerpt<'a> {
    path: String,
    file: &'a str,
    text: &'a str,
    /// The lines that are shown, from 0.
    lines: Range<usize>,
    marks: Vec<(AnnotationKind, Range<usize>, &'a str)>,
}

/// Marks in one file share an excerpt.
fn add<'a>(excerpts: &mut Vec<Excerpt<'a>>, new: Excerpt<'a>) {
    match excerpts.iter_mut().find(|old| old.file == new.file) {
        Some(old) => {
            old.lines = old.lines.start.min(new.lines.start)..old.lines.end.max(new.lines.end);
            old.marks.extend(new.marks);
        }
        None => excerpts.push(new),
    }
}

impl<'a> Excerpt<'a> {
    /// Nothing where the file is gone or has no such line.
    fn of(place: &'a Place, is_main: bool, sources: &'a Sources) -> Option<Self> {
        let text = sources.text(&place.file)?;
        let first = (place.line as usize).checked_sub(1)?;
        let last = (place.end_line as usize).saturating_sub(1).max(first);
        let from = offset(text, first, place.column)?;
        let to = match (place.end_line, place.end_column) {
            (0, _) | (_, 0) => line_end(text, last)?,
            (_, column) => offset(text, last, column)?,
        };
        let kind = if is_main {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        Some(Self {
            path: sources.shown(&place.file).into_string(),
            file: &place.file,
            text,
            lines: first.saturating_sub(AROUND)..last + 1 + AROUND,
            marks: vec![(kind, from..to.max(from), place.label.as_str())],
        })
    }

    /// Only the lines that are shown are handed on: a file may be long.
    fn snippet(&self) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let start = line_start(self.text, self.lines.start).unwrap_or(0);
        let end = line_end(self.text, self.lines.end - 1).unwrap_or(self.text.len());
        let marks = self.marks.iter().map(|(kind, span, label)| {
            let span = span.start - start..span.end - start;
            let label = (!label.is_empty()).then_some(*label);
            kind.span(span).label(label)
        });
        Snippet::source(&self.text[start..end])
            .line_start(self.lines.start + 1)
            .path(self.path.clone())
            .annotations(marks)
    }
}

/// Where a line starts, from 0.
fn line_start(text: &str, line: usize) -> Option<usize> {
    let mut starts = text.match_indices('\n').map(|(at, _)| at + 1);
    let start = if line == 0 {
        Some(0)
    } else {
        starts.nth(line - 1)
    };
    start.filter(|start| *start < text.len())
}

/// The end of the text of a line, from 0.
fn line_end(text: &str, line: usize) -> Option<usize> {
    let start = line_start(text, line)?;
    let content = text[start..].split('\n').next().unwrap_or_default();
    Some(start + content.trim_end().len())
}

/// Where a column of a line is, in bytes; its first word for column 0.
fn offset(text: &str, line: usize, column: u32) -> Option<usize> {
    let start = line_start(text, line)?;
    let content = text[start..].split('\n').next().unwrap_or_default();
    let within = match column {
        0 => content.len() - content.trim_start().len(),
        column => content
            .char_indices()
            .nth(column as usize - 1)
            .map_or(content.len(), |(at, _)| at),
    };
    Some(start + within)
}
