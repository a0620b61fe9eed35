//! The comment on a pull request: a table, and the details folded.

use std::fmt::Write as _;

use camino::Utf8Path;
use schema_core::review::Judged;

use super::{Report, Weight, main_place, paragraphs, step, weight};
use crate::approval::Approval;

/// GitHub takes 65,536 characters.
const MOST_CHARACTERS: usize = 60_000;

/// The first line of the comment, by which it is found again.
pub(crate) fn marker(command: &str) -> String {
    // Two dashes may not stand in such a comment.
    format!("<!-- cargo-migrate {} -->", command.replace(" --", "-"))
}

pub(super) fn render(report: &Report<'_>) -> String {
    let verdict = if report.passes() { "✅" } else { "❌" };
    let mut out = format!(
        "{}\n### {verdict} cargo migrate {}\n\n{}.\n",
        marker(report.command),
        report.command,
        escaped(&report.summary())
    );
    if !report.steps.is_empty() {
        out.push_str("\n| | Step | Result |\n| --- | --- | --- |\n");
    }
    for result in report.steps {
        // Without the time, so that a comment changes only with what it says.
        let _ = writeln!(
            out,
            "| {} | {} | {} |",
            if step::passes(result, report) {
                "✅"
            } else {
                "❌"
            },
            result.step.word(),
            escaped(&step::result(result, report))
        );
    }
    match report.approval {
        Some(Approval::Given { ground, .. }) => {
            let _ = write!(out, "\n**Approved:** {}.\n", escaped(ground));
        }
        Some(Approval::None { reason }) => {
            let _ = write!(out, "\n**Not approved:** {}.\n", escaped(reason));
        }
        None => {}
    }
    if report.shown().next().is_some() {
        out.push_str("\n| | Rule | Where | What |\n| --- | --- | --- | --- |\n");
    }
    let mut details = String::new();
    let mut left_out = 0;
    for judged in report.shown() {
        let row = row(judged, report);
        let detail = detail(judged, report);
        let length = out.chars().count() + details.chars().count();
        if length + row.chars().count() + detail.chars().count() > MOST_CHARACTERS {
            left_out += 1;
            continue;
        }
        out.push_str(&row);
        details.push_str(&detail);
    }
    if left_out > 0 {
        let _ = write!(details, "\n…and {left_out} more, which the log shows.\n");
    }
    out.push_str(&details);
    out
}

fn row(judged: &Judged, report: &Report<'_>) -> String {
    let word = match weight(judged) {
        Weight::Error => "error",
        Weight::Warning => "warning",
        Weight::Approved => "approved",
    };
    format!(
        "| {word} | {} | {} | {} |\n",
        escaped(&report.rule_title(judged.finding.code)),
        escaped(&location(judged, report)),
        escaped(&judged.finding.title)
    )
}

fn detail(judged: &Judged, report: &Report<'_>) -> String {
    let mut out = format!(
        "\n<details><summary>{}: {}</summary>\n",
        html(judged.finding.code),
        html(&judged.finding.title)
    );
    if let Some(excerpt) = excerpt(judged, report) {
        let _ = write!(out, "\n{}\n\n", escaped(&location(judged, report)));
        let file = main_place(judged).map_or("", |place| place.file.as_str());
        let language = if Utf8Path::new(file).extension() == Some("rs") {
            "rust"
        } else {
            "sql"
        };
        out.push_str(&fenced(language, &excerpt));
    }
    for paragraph in paragraphs(judged) {
        out.push_str(&with_code(&paragraph));
    }
    if let Some(fix) = &judged.finding.fix {
        out.push('\n');
        out.push_str(&fenced("sql", fix));
    }
    out.push_str("\n</details>\n");
    out
}

fn location(judged: &Judged, report: &Report<'_>) -> String {
    main_place(judged).map_or_else(String::new, |place| {
        let file = report.sources.in_repository(&place.file);
        format!("{file}:{}", place.line)
    })
}

/// The lines that a finding is about.
fn excerpt(judged: &Judged, report: &Report<'_>) -> Option<String> {
    const MOST_LINES: usize = 12;
    let place = main_place(judged)?;
    let text = report.sources.text(&place.file)?;
    let first = place.line.checked_sub(1)? as usize;
    let count = place.end_line.saturating_sub(place.line) as usize + 1;
    let lines: Vec<&str> = text
        .lines()
        .skip(first)
        .take(count.min(MOST_LINES))
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Text in a fence that it cannot close.
fn fenced(language: &str, text: &str) -> String {
    let longest = text
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

/// A paragraph; where all of it below its first line is indented, that is a difference.
fn with_code(paragraph: &str) -> String {
    let (first, rest) = paragraph.split_once('\n').unwrap_or((paragraph, ""));
    let code: Option<Vec<&str>> = rest.lines().map(|line| line.strip_prefix("  ")).collect();
    match code {
        Some(code) if !code.is_empty() => {
            format!("\n{}\n\n{}", prose(first), fenced("diff", &code.join("\n")))
        }
        _ => format!("\n{}\n", prose(paragraph)),
    }
}

/// Text that stays text in Markdown: no markup, no table cell that ends, and nobody is mentioned.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in html(text).chars() {
        if r"\`*_[]|~".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// A sentence in which what is between backticks is code.
fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let is_paired = parts.len() % 2 == 1;
    let mut codes = parts.iter().skip(1).step_by(2);
    // What could be markup or a mention if a reader pairs backticks in another way, is text.
    if !is_paired || codes.any(|code| code.trim().is_empty() || code.contains(['<', '@', '|'])) {
        return escaped(text);
    }
    let parts = parts.iter().enumerate().map(|(index, part)| {
        if index % 2 == 0 {
            escaped(part)
        } else {
            format!("`{}`", part.replace(['\n', '\r'], " "))
        }
    });
    parts.collect()
}

/// Text that stays text in HTML, on one line, and nobody is mentioned.
fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let text = text.replace('>', "&gt;").replace('@', "@\u{200b}");
    text.replace(['\n', '\r'], " ")
}
