//! What cannot be taken over, all of it at once.

use schema_core::diagnostic::{Finding, Place, Severity};

use super::folder::Folder;
use super::{Format, Kind, Migration};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::counted;

/// A migration that is no SQL, or SQL of another database.
const NOT_SQL: &str = "I001";
/// What the tool itself would refuse.
const MALFORMED: &str = "I002";
/// Text that the tool makes of variables.
const VARIABLES: &str = "I003";
/// Two migrations of one version.
const TWICE: &str = "I004";

/// What is wrong with a directory of another tool.
#[derive(Debug, Default)]
pub(super) struct Refused(Vec<Wrong>);

#[derive(Debug)]
struct Wrong {
    code: &'static str,
    file: String,
    line: u32,
    title: String,
    help: String,
}

impl Refused {
    /// A migration that is written in something else than SQL.
    pub(super) fn not_sql(&mut self, file: &str, language: &str) {
        self.push(
            NOT_SQL,
            (file, 1),
            format!("`{file}` is a migration in {language}, and not SQL"),
            "write what it does to the schema as SQL, in a file of the same version and format; what it does to rows, a later job can do",
        );
    }

    /// SQL of another database.
    pub(super) fn other_database(&mut self, file: &str, database: &str) {
        self.push(
            NOT_SQL,
            (file, 1),
            format!("`{file}` says that the migrations are for {database}, and not for PostgreSQL"),
            "only migrations of PostgreSQL can be taken over",
        );
    }

    /// What the tool itself would not run.
    pub(super) fn malformed(
        &mut self,
        file: &str,
        line: u32,
        title: impl Into<String>,
        help: &str,
    ) {
        self.push(MALFORMED, (file, line), title.into(), help);
    }

    /// A variable without a value.
    pub(super) fn variable(&mut self, file: &str, line: u32, variable: &str) {
        self.push(
            VARIABLES,
            (file, line),
            format!("`{file}` takes `{variable}` from the surroundings, and a migration here says the same everywhere"),
            &format!("give its value: --placeholder '{variable}=…'; or --placeholder '{variable}=${{{variable}}}' to leave it as it stands"),
        );
    }

    /// Versions that are there twice.
    pub(super) fn twice(&mut self, migrations: &[Migration]) {
        let versioned = |it: &&Migration| it.kind == Kind::Versioned;
        let mut sorted: Vec<_> = migrations.iter().filter(versioned).collect();
        sorted.sort_by_key(|it| &it.version);
        for pair in sorted
            .windows(2)
            .filter(|pair| pair[0].version == pair[1].version)
        {
            let [first, second] = [&pair[0].original, &pair[1].original];
            self.push(
                TWICE,
                (second, 1),
                format!(
                    "`{first}` and `{second}` have one version, {}",
                    pair[0].version
                ),
                "give one of them another version, that of the one which no database has",
            );
        }
    }

    fn push(&mut self, code: &'static str, (file, line): (&str, u32), title: String, help: &str) {
        self.0.push(Wrong {
            code,
            file: file.to_owned(),
            line,
            title,
            help: help.to_owned(),
        });
    }

    /// Says everything that was refused.
    pub(super) fn check(self, folder: &Folder, format: Format) -> Result<(), Failure> {
        if self.0.is_empty() {
            return Ok(());
        }
        let findings = self.0.into_iter().map(|it| Finding {
            places: vec![Place::line(folder.shown(&it.file), it.line)],
            help: Some(it.help),
            ..Finding::new(it.code, Severity::Error, it.title)
        });
        let findings: Vec<_> = findings.collect();
        Err(Failure::findings(
            Exit::Findings,
            format!(
                "{} of {} keep `{}` from being imported; nothing was written",
                counted(findings.len(), "finding"),
                format.tool(),
                folder.shown
            ),
            findings,
        ))
    }
}
