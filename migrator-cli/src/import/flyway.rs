//! Flyway: `V1_2__name.sql` by the numbers in its version, then `R__name.sql` by name.

use std::collections::BTreeMap;

use super::folder::{Folder, extension};
use super::refused::Refused;
use super::text::{Text, numbered};
use super::variables::{BRACED, filled};
use super::{Format, Import, Kind, LeftOut, Migration};
use crate::failure::Failure;

/// A file name that is one of Flyway, or of refinery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Script<'a> {
    /// `V`, `U`, `B` or `R`.
    pub(super) prefix: char,
    /// As it is written.
    pub(super) version: &'a str,
    pub(super) name: &'a str,
    pub(super) extension: &'a str,
}

impl<'a> Script<'a> {
    /// The parts of a file name.
    pub(super) fn of(file: &'a str) -> Option<Self> {
        let (stem, extension) = file.rsplit_once('.')?;
        if extension != "sql" && extension != "conf" {
            language(extension)?;
        }
        let prefix = stem.chars().next().filter(|it| "VUBR".contains(*it))?;
        let rest = &stem[1..];
        let (version, name) = rest.split_once("__").unwrap_or((rest, ""));
        let good = if prefix == 'R' {
            version.is_empty() && !name.is_empty()
        } else {
            let parts = version.split(['.', '_']);
            let mut parts =
                parts.map(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
            parts.all(|is_number| is_number)
        };
        good.then_some(Self {
            prefix,
            version,
            name,
            extension,
        })
    }

    /// Whose it can be.
    pub(super) fn formats(self, folder: &Folder) -> &'static [Format] {
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let is_number = !self.version.is_empty() && !self.version.contains(['.', '_']);
        let is_for_both = is_number && !self.name.is_empty() && self.name.chars().all(is_word);
        match (self.prefix, self.extension) {
            ('V' | 'U', "rs") => &[Format::Refinery],
            ('V', "sql") if is_for_both => &[Format::Flyway, Format::Refinery],
            // What takes back a version has it twice; refinery has each once.
            ('U', "sql") if is_for_both => {
                let same = |name: &String| {
                    let other = Script::of(name.rsplit('/').next().unwrap_or(name));
                    other.is_some_and(|it| it.prefix == 'V' && it.version == self.version)
                };
                if folder.names.iter().any(same) {
                    &[Format::Flyway]
                } else {
                    &[Format::Flyway, Format::Refinery]
                }
            }
            _ => &[Format::Flyway],
        }
    }

    /// The numbers of the version; zeros at its end do not count.
    fn numbers(self) -> Vec<u128> {
        let parts = self.version.split(['.', '_']);
        let mut numbers: Vec<_> = parts.map(|it| it.parse().unwrap_or(u128::MAX)).collect();
        while numbers.last() == Some(&0) && numbers.len() > 1 {
            numbers.pop();
        }
        numbers
    }
}

pub(super) fn read(
    folder: &Folder,
    variables: &BTreeMap<String, String>,
    refused: &mut Refused,
) -> Result<Import, Failure> {
    let mut import = Import::new(Format::Flyway);
    let mut found = Vec::new();
    for file in &folder.names {
        let base = file.rsplit('/').next().unwrap_or(file);
        let Some(script) = Script::of(base) else {
            if is_callback(base) {
                import.leave_out("callback", file);
            } else if extension(base) == "sql" {
                import.leave_out("file that Flyway does not run", file);
            }
            continue;
        };
        match (script.prefix, script.extension) {
            (_, "conf") => {}
            ('U', _) => import.leave_out("undo", file),
            (_, "sql") => found.push((script, file)),
            (_, extension) => refused.not_sql(file, language(extension).unwrap_or(extension)),
        }
    }
    found.sort_by_key(|(script, file)| (script.numbers(), script.prefix == 'B', *file));
    let snapshots = found.iter().filter(|(script, _)| script.prefix == 'B');
    let newest = snapshots.map(|(script, _)| script.numbers()).max();
    let mut repeated = Vec::new();
    let mut before: Option<Script<'_>> = None;
    for (script, file) in found {
        let kind = match script.prefix {
            'B' if Some(script.numbers()) != newest => {
                import.leave_out("baseline that a newer one replaces", file);
                continue;
            }
            'B' => Kind::Snapshot,
            'R' => Kind::Repeatable,
            _ => Kind::Versioned,
        };
        if let Some(before) = before
            && (before.prefix, before.numbers()) == (script.prefix, script.numbers())
            && before.version != script.version
        {
            refused.malformed(
                file,
                1,
                format!(
                    "`{file}` has the version {} once more: to Flyway it is {}",
                    before.version, script.version
                ),
                "Flyway would refuse it, too: rename the one that no database has",
            );
        }
        if kind != Kind::Repeatable {
            before = Some(script);
        }
        let settings = Settings::of(folder, file)?;
        let text = folder.read(file)?;
        let text = if settings.fills {
            with_values(file, &text, variables, refused)
        } else {
            Text::whole(text)
        };
        let version = script.version.replace('_', ".");
        let migration = Migration {
            kind,
            alone: settings.alone,
            ..Migration::new(file, version, script.name, text)
        };
        if kind == Kind::Repeatable {
            repeated.push(migration);
        } else {
            import.migrations.push(migration);
        }
    }
    repeated.sort_by(|left, right| left.name.cmp(&right.name));
    notes(&mut import, repeated.len());
    import.migrations.extend(repeated);
    Ok(import)
}

fn notes(import: &mut Import, repeated: usize) {
    if repeated > 0 {
        import.notes.push(
            "a repeatable migration runs once here, behind all others; a change of what it makes is a new migration"
                .to_owned(),
        );
    }
    if import
        .left_out
        .iter()
        .any(|LeftOut { what, .. }| *what == "callback")
    {
        import.notes.push(
            "callbacks of Flyway do not run here; what they set up has to be in a migration, or be done by the deployment"
                .to_owned(),
        );
    }
    if import.migrations.iter().any(|it| it.kind == Kind::Snapshot) {
        import.notes.push(
            "the baseline is a checkpoint: an empty database begins with it, as with Flyway; one that has a history skips it"
                .to_owned(),
        );
    }
}

/// The text with the values of its placeholders.
fn with_values(
    file: &str,
    text: &str,
    variables: &BTreeMap<String, String>,
    refused: &mut Refused,
) -> Text {
    let mut result = Text::default();
    for (number, line) in numbered(text) {
        let (line, missing) = filled(line, &BRACED, variables);
        for name in missing {
            refused.variable(file, number, &name);
        }
        result.push(&line, number);
    }
    result
}

/// What the file beside a script says, `V1__name.sql.conf`.
struct Settings {
    alone: bool,
    fills: bool,
}

impl Settings {
    fn of(folder: &Folder, file: &str) -> Result<Self, Failure> {
        let name = format!("{file}.conf");
        let text = if folder.has(&name) {
            folder.read(&name)?
        } else {
            String::new()
        };
        let is_off = |key: &str| {
            text.lines().any(|line| {
                let (name, value) = line.split_once('=').unwrap_or((line, ""));
                let name = name.trim().trim_start_matches("flyway.");
                name == key && value.trim().eq_ignore_ascii_case("false")
            })
        };
        Ok(Self {
            alone: is_off("executeInTransaction"),
            fills: !is_off("placeholderReplacement"),
        })
    }
}

/// `beforeMigrate.sql`, `afterEachMigrate__name.sql`.
fn is_callback(file: &str) -> bool {
    let rest = ["before", "after"]
        .into_iter()
        .find_map(|word| file.strip_prefix(word));
    rest.is_some_and(|rest| {
        extension(file) == "sql" && rest.starts_with(|it: char| it.is_ascii_uppercase())
    })
}

/// What else migrations of Flyway or refinery are written in.
fn language(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "java" | "class" => "Java",
        "kt" => "Kotlin",
        "groovy" => "Groovy",
        "py" => "Python",
        "sh" => "shell",
        "ps1" => "PowerShell",
        "rs" => "Rust",
        _ => return None,
    })
}
