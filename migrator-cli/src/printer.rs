//! All output: data on stdout, talk on stderr, colour where the terminal wants it.

use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use schema_core::diagnostic::{Finding, Severity};
use serde::Serialize;

use crate::failure::Failure;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const DONE: Style = AnsiColor::Green.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// Where output goes.
#[derive(Clone, Debug)]
pub(crate) struct Printer {
    json: bool,
    quiet: bool,
}

#[expect(
    clippy::unused_self,
    reason = "to have a printer is to be allowed to print"
)]
impl Printer {
    /// A printer; colour follows the terminal and `NO_COLOR`, unless `anstream` was told otherwise.
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet }
    }

    /// The same for a part of a command, whose result is not that of the whole.
    pub(crate) fn without_data(&self) -> Self {
        Self {
            json: false,
            ..self.clone()
        }
    }

    /// Whether the result is to be JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// The result, for people.
    pub(crate) fn data(&self, text: impl Display) {
        // A closed pipe (`| head`) is no error.
        let _ = writeln!(anstream::stdout().lock(), "{text}");
    }

    /// The result, for machines: one JSON document.
    pub(crate) fn json(&self, value: &impl Serialize) {
        let text = serde_json::to_string_pretty(value).expect("results have string keys");
        self.data(text);
    }

    /// SQL on stdout, comments dimmed on a terminal.
    pub(crate) fn sql(&self, sql: &str) {
        let mut out = anstream::stdout().lock();
        for line in sql.lines() {
            let _ = if line.starts_with("--") {
                writeln!(out, "{FAINT}{line}{FAINT:#}")
            } else {
                writeln!(out, "{line}")
            };
        }
    }

    /// What has been done: a bold word, then the rest.
    pub(crate) fn done(&self, word: &str, text: impl Display) {
        self.talk(DONE, word, &text);
    }

    /// What would be done: a sign that says how, and to what.
    pub(crate) fn plan(&self, sign: char, text: impl Display) {
        self.talk(NOTE, &sign.to_string(), &text);
    }

    /// What has not been done, while the command goes on.
    pub(crate) fn failed(&self, text: impl Display) {
        self.talk(ERROR, "Failed", &text);
    }

    /// Something worth knowing.
    pub(crate) fn note(&self, text: impl Display) {
        self.talk(NOTE, "note", &text);
    }

    /// Lines that have their form already.
    pub(crate) fn say(&self, text: impl Display) {
        if !self.quiet {
            let _ = writeln!(anstream::stderr().lock(), "{text}");
        }
    }

    /// Something to look at.
    pub(crate) fn warning(&self, text: impl Display) {
        let _ = writeln!(
            anstream::stderr().lock(),
            "{WARNING}warning{WARNING:#}: {text}"
        );
    }

    fn talk(&self, style: Style, word: &str, text: &dyn Display) {
        if !self.quiet {
            let _ = writeln!(
                anstream::stderr().lock(),
                "{style}{word:>12}{style:#} {text}"
            );
        }
    }

    /// One finding, with its places and its remedy.
    pub(crate) fn finding(&self, finding: &Finding) {
        let (style, word) = match finding.severity {
            Severity::Error => (ERROR, "error"),
            Severity::Warning => (WARNING, "warning"),
        };
        let mut err = anstream::stderr().lock();
        let _ = writeln!(
            err,
            "{style}{word}[{}]{style:#}: {}",
            finding.code, finding.title
        );
        for place in &finding.places {
            let arrow = if place.label.is_empty() {
                String::new()
            } else {
                format!(": {}", place.label)
            };
            let _ = writeln!(err, "  --> {place}{arrow}");
        }
        if let Some(help) = &finding.help {
            let _ = writeln!(err, "  help: {}", indented(help, "        "));
        }
    }

    /// Why the command failed; as JSON on stdout too when that was asked for.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.json {
            self.json(&JsonFailure {
                version: 1,
                exit_code: failure.exit as u8,
                code: failure.code,
                error: &failure.message,
                causes: &failure.causes,
                help: failure.help.as_deref(),
                findings: &failure.findings,
            });
        }
        self.error(failure);
    }

    /// Why something failed, for people.
    pub(crate) fn error(&self, failure: &Failure) {
        for finding in &failure.findings {
            self.finding(finding);
        }
        if failure.message.is_empty() {
            return;
        }
        let mut err = anstream::stderr().lock();
        let code = failure.code.map(|code| format!("[{code}]"));
        let code = code.unwrap_or_default();
        let _ = writeln!(err, "{ERROR}error{code}{ERROR:#}: {}", failure.message);
        for cause in &failure.causes {
            let _ = writeln!(err, "  cause: {}", indented(cause, "         "));
        }
        if let Some(help) = &failure.help {
            let _ = writeln!(err, "  help: {}", indented(help, "        "));
        }
    }

    /// Whether a person watches, whom several lines can be shown that change.
    pub(crate) fn is_watched(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    /// A line that says what is going on, shown only while it takes time and a person watches.
    pub(crate) fn progress(&self, text: impl Into<String>) -> Progress {
        if !self.is_watched() {
            return Progress(None);
        }
        let bar = ProgressBar::new_spinner().with_message(text.into());
        bar.set_style(
            ProgressStyle::with_template("{spinner} {msg} {elapsed}").expect("a fixed template"),
        );
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress(Some(bar))
    }
}

/// A progress line; gone when dropped.
#[derive(Debug)]
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Says something else from now on.
    pub(crate) fn say(&self, text: impl Into<String>) {
        if let Some(bar) = &self.0 {
            bar.set_message(text.into());
        }
    }

    /// Prints something without tearing the line.
    pub(crate) fn above(&self, print: impl FnOnce()) {
        match &self.0 {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

#[derive(Serialize)]
struct JsonFailure<'a> {
    version: u32,
    exit_code: u8,
    code: Option<&'a str>,
    error: &'a str,
    causes: &'a [String],
    help: Option<&'a str>,
    findings: &'a [Finding],
}

/// `1 table`, `2 tables`, `2 indexes`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    match (count, noun) {
        (1, noun) => format!("1 {noun}"),
        (count, noun) if noun.ends_with('x') => format!("{count} {noun}es"),
        (count, noun) => format!("{count} {noun}s"),
    }
}

fn indented(text: &str, by: &str) -> String {
    text.trim_end().replace('\n', &format!("\n{by}"))
}
