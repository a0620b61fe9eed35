//! What a rule of the gate or the linter is, what it looks at, and what it says.

mod along;
mod blame;
mod case;
mod pair;
mod type_change;

pub use case::Case;
pub use pair::{ColumnPair, ColumnReuse, Heir, Pair};
pub use type_change::{TypeChange, keeps_values};

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Severity;
use crate::directory::MigrationFile;
use crate::ident::{Ident, QualifiedName};
use crate::observe::Step;

/// A rule, with the page that explains it.
#[derive(Debug)]
pub struct Rule {
    /// A stable code such as `N003`; never reused for something else.
    pub code: &'static str,
    /// Its name: `rename-column`.
    pub name: &'static str,
    /// What it is about.
    pub topic: Topic,
    /// How bad a finding is, unless the hit says otherwise.
    pub severity: Severity,
    /// What is found, as a sentence without its full stop.
    pub title: &'static str,
    /// What happens, in PostgreSQL's terms: SQLSTATEs, locks.
    pub why: &'static str,
    /// The way out, with SQL in Markdown.
    pub instead: &'static str,
    /// How it is found.
    pub check: Check,
}

/// What rules are about; the first letter of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// `N`: the previous release breaks.
    PreviousRelease,
    /// `L`: data is lost.
    DataLoss,
    /// `B`: the app waits.
    Blocking,
    /// `T`: it does not run, or not as one thinks.
    Running,
    /// `H`: the history is not what it was.
    History,
    /// `G`: the gate's own business: shims, issues, directives.
    Gate,
    /// `C`: names.
    Convention,
    /// `S`: the structs say something else.
    Structs,
}

impl Topic {
    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::PreviousRelease => "The previous release breaks",
            Self::DataLoss => "Data is lost",
            Self::Blocking => "The app waits",
            Self::Running => "It does not run, or not as one thinks",
            Self::History => "The history is not what it was",
            Self::Gate => "Shims, issues and directives",
            Self::Convention => "Names",
            Self::Structs => "The structs say something else",
        }
    }
}

impl Rule {
    /// Its page in Markdown: what it finds, why that is bad, what to do instead, how to silence it.
    pub fn page(&self) -> String {
        let Self {
            code,
            name,
            topic,
            title,
            why,
            instead,
            ..
        } = self;
        let severity = match self.severity {
            Severity::Error => "An error",
            Severity::Warning => "A warning",
        };
        let silence = match topic {
            Topic::PreviousRelease => format!(
                "{severity} that no directive silences: it passes while a shim covers it, or in a \
                 pull request that carries the approval label (`migration-approved`)."
            ),
            Topic::History | Topic::Gate => format!("{severity} of every review that finds it."),
            Topic::Structs => {
                format!("{severity} of `cargo migrate check`, by itself and with `--all`.")
            }
            Topic::DataLoss | Topic::Blocking | Topic::Running | Topic::Convention => format!(
                "{severity}. Where it is meant, say so before the statement, or at the head of the \
                 file for all of it, with the reason:\n\n```sql\n-- migrate:nolint {code} reason\n```"
            ),
        };
        let about = topic.title();
        let mut first = title.chars();
        let title: String = first
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(first)
            .collect();
        format!(
            "# {code} {name}\n\n{title}. ({about}.)\n\n## Why\n\n{why}\n\n## Instead\n\n{instead}\n\n\
             ## When it is found\n\n{silence}\n"
        )
    }

    /// The way out in a sentence: the first paragraph of `instead`, without the SQL behind it.
    pub fn remedy(&self) -> &'static str {
        self.instead
            .split_once("\n\n")
            .map_or(self.instead, |(remedy, _)| remedy)
    }

    /// The file name of its page: `B001-create-index.md`.
    pub fn page_name(&self) -> String {
        format!("{}-{}.md", self.code, self.name)
    }
}

/// How a rule finds what it is about.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// At each commit point: the objects as they were at the base and as they are now.
    Contract(fn(&Case<'_>) -> Vec<Hit>),
    /// Once for all steps: locks, rewrites, rows.
    Steps(fn(&Steps<'_>) -> Vec<Hit>),
    /// Elsewhere: in the history, the tracker, or the statements of the previous release.
    Elsewhere,
}

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The step that did it, as an index of all steps.
    pub step: Option<usize>,
    /// Without a step: which of the new files, and the line.
    pub line: Option<(usize, u32)>,
    /// What is wrong: lower case, no full stop, names the object.
    pub title: String,
    /// The table or other object that it is about, by its name at the base.
    pub object: Option<QualifiedName>,
    /// Facts of this case, one sentence each.
    pub notes: Vec<String>,
    /// The way out as SQL that can be pasted.
    pub fix: Option<String>,
    /// How bad it is here, where that is not what the rule says.
    pub severity: Option<Severity>,
}

impl Hit {
    /// A hit of a step.
    pub fn new(step: Option<usize>, object: &QualifiedName, title: impl Into<String>) -> Self {
        Self {
            step,
            object: Some(object.clone()),
            ..Self::at_line(None, title)
        }
    }

    /// A hit of a line of one of the new files, or of nothing that can be pointed at.
    pub fn at_line(line: Option<(usize, u32)>, title: impl Into<String>) -> Self {
        Self {
            step: None,
            line,
            title: title.into(),
            object: None,
            notes: Vec::new(),
            fix: None,
            severity: None,
        }
    }

    /// A hit of a step that is not about one table.
    pub fn at_step(step: Option<usize>, title: impl Into<String>) -> Self {
        Self {
            step,
            ..Self::at_line(None, title)
        }
    }

    /// With SQL that can be pasted.
    #[must_use]
    pub fn fix(mut self, sql: impl Into<String>) -> Self {
        self.fix = Some(sql.into());
        self
    }

    /// With a fact of this case.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With facts of this case.
    #[must_use]
    pub fn notes(mut self, notes: impl IntoIterator<Item = String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// Not as bad as usual.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Some(Severity::Warning);
        self
    }
}

/// All steps of the new migrations.
#[derive(Clone, Copy, Debug)]
pub struct Steps<'a> {
    /// The new files.
    pub files: &'a [MigrationFile],
    /// What each statement did.
    pub steps: &'a [Step],
    /// How many rows each table was given at the base.
    pub rows: &'a BTreeMap<QualifiedName, usize>,
    /// The major version of the server that ran them.
    pub major: u32,
}

impl<'a> Steps<'a> {
    /// The text of a step's statement.
    pub fn text(&self, step: &Step) -> &'a str {
        &self.files[step.file].text[step.range.clone()]
    }

    /// The steps before one that were in its transaction, and itself.
    pub fn transaction(&self, index: usize) -> &'a [Step] {
        let transaction = self.steps[index].transaction;
        let first = self.steps[..index]
            .iter()
            .rposition(|step| step.transaction != transaction)
            .map_or(0, |before| before + 1);
        &self.steps[first..=index]
    }
}

/// What the previous release relies on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Contract {
    /// Everything that there is at the base.
    #[default]
    Base,
    /// What its binary says: tables and their columns.
    Tables(BTreeMap<QualifiedName, BTreeSet<Ident>>),
}

impl Contract {
    /// Whether the previous release uses a table or view.
    pub fn uses(&self, relation: &QualifiedName) -> bool {
        match self {
            Self::Base => true,
            Self::Tables(tables) => tables.contains_key(relation),
        }
    }

    /// Whether it uses a column.
    pub fn uses_column(&self, relation: &QualifiedName, column: &Ident) -> bool {
        match self {
            Self::Base => true,
            Self::Tables(tables) => tables
                .get(relation)
                .is_some_and(|columns| columns.contains(column)),
        }
    }
}

/// What the live shims of the directory cover.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// Old names under which a view stands in.
    pub tables: BTreeSet<QualifiedName>,
    /// Columns that a trigger keeps in step.
    pub columns: BTreeSet<(QualifiedName, Ident)>,
}
