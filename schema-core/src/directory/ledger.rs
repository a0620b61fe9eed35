//! The ledger: which shims of the previous release live, computed from the directives.

use std::fmt;

use camino::Utf8Path;

use super::directive::DirectiveKind;
use super::file::MigrationFile;
use super::load::Directory;
use crate::diagnostic::{Finding, Place, Severity};
use crate::ident::{Ident, QualifiedName};

/// What a shim keeps alive for the previous release, by its old name.
///
/// `Display` writes it as a directive names it, always with its schema: `public.users`,
/// `public.users.mail`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShimName {
    /// A table that has another name now: a view goes by the old one.
    Table(QualifiedName),
    /// A column that triggers keep as the previous release knows it.
    Column(QualifiedName, Ident),
}

impl ShimName {
    /// Reads a name as a directive has it: `users`, `app.users`, `app.users.mail`. As in SQL, what
    /// stands without double quotes is in lower case.
    ///
    /// ```
    /// use schema_core::directory::ShimName;
    /// use schema_core::ident::QualifiedName;
    /// let users = QualifiedName::in_default_schema("users");
    /// assert_eq!(ShimName::parse("Users"), Some(ShimName::Table(users.clone())));
    /// let column = ShimName::Column(users, "E-Mail".into());
    /// assert_eq!(ShimName::parse(&column.to_string()), Some(column));
    /// assert_eq!(ShimName::parse("users."), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = text;
        loop {
            let (part, tail) = first_part(rest)?;
            parts.push(part);
            match tail {
                "" => break,
                tail => rest = tail.strip_prefix('.')?,
            }
        }
        let mut parts = parts.into_iter();
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(table), None, ..) => Some(Self::Table(QualifiedName::in_default_schema(table))),
            (Some(schema), Some(table), None, _) => {
                Some(Self::Table(QualifiedName::new(schema, table)))
            }
            (Some(schema), Some(table), Some(column), None) => {
                Some(Self::Column(QualifiedName::new(schema, table), column))
            }
            _ => None,
        }
    }

    /// The table: the old name of one that was renamed, or the one that the column is in.
    pub fn table(&self) -> &QualifiedName {
        match self {
            Self::Table(table) | Self::Column(table, _) => table,
        }
    }
}

impl fmt::Display for ShimName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table().full())?;
        match self {
            Self::Table(_) => Ok(()),
            Self::Column(_, column) => write!(f, ".{column}"),
        }
    }
}

/// The name at the begin of a text, and what follows it.
pub(super) fn first_part(text: &str) -> Option<(Ident, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find('.').unwrap_or(text.len());
        let (name, tail) = text.split_at(end);
        let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let good = !name.is_empty() && name.chars().all(plain);
        return good.then(|| (Ident::new(name.to_lowercase()), tail));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let (inside, tail) = rest.split_once('"')?;
        name.push_str(inside);
        match tail.strip_prefix('"') {
            Some(tail) => {
                name.push('"');
                rest = tail;
            }
            None => return (!name.is_empty()).then(|| (Ident::new(name), tail)),
        }
    }
}

/// A shim that was made and not yet dropped.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LiveShim {
    /// What it keeps alive.
    pub old: ShimName,
    /// The number of the issue whose work drops it, without `#`.
    pub issue: String,
    /// The name of the file that makes it.
    pub file: String,
    /// The line of its directive, from 1.
    pub line: u32,
}

/// A directive that the ledger cannot follow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {fault}")]
pub struct LedgerError {
    /// The name of the file.
    pub file: String,
    /// The line of the directive, from 1.
    pub line: u32,
    /// What is wrong with it.
    pub fault: LedgerFault,
}

/// What is wrong with a directive about a shim.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFault {
    /// The old name cannot be read.
    #[error("`{0}` is not the name of a table or column")]
    Name(String),
    /// A shim is made that lives.
    #[error("the shim of {old} lives already, made by {file}:{line}")]
    Twice {
        /// Its old name.
        old: ShimName,
        /// The file that made it.
        file: String,
        /// The line there.
        line: u32,
    },
    /// A shim is dropped that does not live.
    #[error("there is no live shim of {old} to drop")]
    NotLive {
        /// Its old name.
        old: ShimName,
    },
}

impl LedgerError {
    /// It as something to show; `directory` is how the user knows the directory.
    pub fn finding(&self, directory: &Utf8Path) -> Finding {
        let (code, help) = match self.fault {
            LedgerFault::Name(_) => (
                "D011",
                "write `schema.table` or `schema.table.column`, in double quotes what is not plain lower case",
            ),
            LedgerFault::Twice { .. } => (
                "D012",
                "drop the shim that lives before a file makes it again",
            ),
            LedgerFault::NotLive { .. } => (
                "D013",
                "name the shim as the file does that makes it, or take the directive away",
            ),
        };
        Finding {
            places: vec![Place::line(directory.join(&self.file), self.line)],
            help: Some(help.to_owned()),
            ..Finding::new(code, Severity::Error, self.fault.to_string())
        }
    }
}

impl Directory {
    /// The shims that live after all files, in the order in which they were made.
    pub fn live_shims(&self) -> Result<Vec<LiveShim>, Vec<LedgerError>> {
        live_shims(&self.files)
    }
}

/// The shims that live after these files, in the order in which they were made.
///
/// Nothing else is on record about them: what a `n-1-shim` makes lives until a `n-1-shim-drop`.
pub fn live_shims<'a>(
    files: impl IntoIterator<Item = &'a MigrationFile>,
) -> Result<Vec<LiveShim>, Vec<LedgerError>> {
    let mut live: Vec<LiveShim> = Vec::new();
    let mut errors = Vec::new();
    for file in files {
        for directive in &file.directives {
            let (DirectiveKind::Shim { old, .. } | DirectiveKind::ShimDrop { old }) =
                &directive.kind
            else {
                continue;
            };
            let mut wrong = |fault| {
                errors.push(LedgerError {
                    file: file.file_name.clone(),
                    line: directive.line,
                    fault,
                });
            };
            let Some(old) = ShimName::parse(old) else {
                wrong(LedgerFault::Name(old.clone()));
                continue;
            };
            let there = live.iter().position(|shim| shim.old == old);
            match (&directive.kind, there) {
                (DirectiveKind::Shim { .. }, Some(first)) => wrong(LedgerFault::Twice {
                    old,
                    file: live[first].file.clone(),
                    line: live[first].line,
                }),
                (DirectiveKind::Shim { issue, .. }, None) => live.push(LiveShim {
                    old,
                    issue: issue.clone(),
                    file: file.file_name.clone(),
                    line: directive.line,
                }),
                (_, Some(gone)) => _ = live.remove(gone),
                (_, None) => wrong(LedgerFault::NotLive { old }),
            }
        }
    }
    if errors.is_empty() {
        Ok(live)
    } else {
        Err(errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Prefixes;

    fn directory(files: &[(&str, &str)]) -> Directory {
        let texts = files.iter();
        let texts = texts.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let prefixes = Prefixes::default();
        Directory::from_texts(Utf8Path::new("m"), texts.collect(), None, &prefixes)
    }

    #[test]
    fn a_shim_lives_from_its_directive_to_that_of_its_drop() {
        let live = directory(&[
            (
                "1_a.sql",
                "-- migrate:n-1-shim: users drop-with #12\n-- migrate:n-1-shim: \"a.b\".\"U \"\"x\"\" drop-with \".mail drop-with #7\n\nSELECT 1;\n",
            ),
            ("2_b.sql", "-- migrate:n-1-shim-drop: public.users\nSELECT 1;\n"),
            ("3_c.sql", "-- atlas:n-1-shim: users drop-with #13\nSELECT 1;\n"),
        ])
        .live_shims()
        .expect("nothing is wrong");
        let shown = live
            .iter()
            .map(|shim| (shim.old.to_string(), &*shim.issue, &*shim.file, shim.line));
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                (
                    r#""a.b"."U ""x"" drop-with ".mail"#.to_owned(),
                    "7",
                    "1_a.sql",
                    2
                ),
                ("public.users".to_owned(), "13", "3_c.sql", 1),
            ]
        );
        for shim in live {
            assert_eq!(ShimName::parse(&shim.old.to_string()), Some(shim.old));
        }
    }

    #[test]
    fn what_it_cannot_follow_is_told_with_file_and_line() {
        let errors = directory(&[
            ("1_a.sql", "-- migrate:n-1-shim: users drop-with #12\nSELECT 1;\n"),
            (
                "2_b.sql",
                "-- Why.\n-- migrate:n-1-shim: public.users drop-with #12\n-- migrate:n-1-shim-drop: people\n-- migrate:n-1-shim-drop: a.b.c.d\nSELECT 1;\n",
            ),
        ])
        .live_shims()
        .expect_err("three are wrong");
        let shown: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "2_b.sql:2: the shim of public.users lives already, made by 1_a.sql:1",
                "2_b.sql:3: there is no live shim of public.people to drop",
                "2_b.sql:4: `a.b.c.d` is not the name of a table or column",
            ]
        );
    }
}
