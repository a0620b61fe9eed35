//! Versions of ours for those of others: fourteen digits that keep the order.

use camino::Utf8Path;
use jiff::{Timestamp, civil};
use schema_core::directory::{renumbered, version_number};

use super::{Kind, Migration};
use crate::exit_code::Exit;
use crate::failure::Failure;

/// The digits of `YYYYMMDDHHMMSS`.
const DIGITS: usize = 14;
const FORMAT: &str = "%Y%m%d%H%M%S";
/// What the name of a file may have beside the version.
const MAX_NAME: usize = 200;

/// Version and name of each migration, which are in the order in which they run.
///
/// A version that is a number stays that number, with zeros before it. Where that does not keep the order, or
/// there are versions which are none, the files are counted, and the name begins with the old version; those
/// that are dates stay all the same.
pub(super) fn versions(
    migrations: &[Migration],
    folder: &Utf8Path,
) -> Result<Vec<(String, String)>, Failure> {
    let (repeated, versioned): (Vec<_>, Vec<_>) = migrations
        .iter()
        .partition(|it| it.kind == Kind::Repeatable);
    let numbers: Vec<Option<u128>> = versioned.iter().map(|it| number(it)).collect();
    let mut result: Vec<(String, String)> = Vec::new();
    let as_they_are: Option<Vec<u128>> = numbers.iter().copied().collect();
    let chosen = as_they_are
        .filter(|it| is_ascending(it))
        .unwrap_or_else(|| {
            let counted = || (1..).take(numbers.len());
            let dates_stay = numbers.iter().zip(counted()).map(|(number, count)| {
                number
                    .filter(|number| number.to_string().len() >= DIGITS)
                    .unwrap_or(count)
            });
            let dates_stay: Vec<_> = dates_stay.collect();
            if is_ascending(&dates_stay) {
                dates_stay
            } else {
                counted().collect()
            }
        });
    let longest = chosen.iter().map(|it| it.to_string().len()).max();
    let width = longest.unwrap_or(0).max(DIGITS);
    for ((migration, number), version) in versioned.iter().zip(&numbers).zip(&chosen) {
        let name = clean(&migration.name);
        let name = match migration.kind {
            Kind::Versioned if *number == Some(*version) => name,
            Kind::Snapshot => renumbered(&format!("B{}", migration.version), &name),
            _ => renumbered(&migration.version, &name),
        };
        result.push((format!("{version:0width$}"), name));
    }
    let mut last = chosen.last().copied().unwrap_or(0);
    for migration in repeated {
        last = after(last).ok_or_else(|| {
            Failure::new(
                Exit::Project,
                format!("no version comes behind the newest of `{folder}`, {last}"),
            )
            .with_help("rename that migration if no database has it")
        })?;
        result.push((
            format!("{last:0width$}"),
            format!("R_{}", clean(&migration.name)),
        ));
    }
    Ok(result)
}

/// The version as a number, where it is one and stands for one migration.
fn number(migration: &Migration) -> Option<u128> {
    version_number(&migration.version).filter(|_| migration.kind == Kind::Versioned)
}

fn is_ascending(numbers: &[u128]) -> bool {
    numbers.windows(2).all(|pair| pair[0] < pair[1])
}

/// The second after a date, the number after any other.
fn after(version: u128) -> Option<u128> {
    let time = civil::DateTime::strptime(FORMAT, version.to_string()).ok();
    let time = time.and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC).ok());
    let next: Option<Timestamp> = time
        .filter(|_| version.to_string().len() == DIGITS)
        .and_then(|time| {
            time.timestamp()
                .checked_add(jiff::SignedDuration::from_secs(1))
                .ok()
        });
    match next {
        Some(next) => next.strftime(FORMAT).to_string().parse().ok(),
        None => version.checked_add(1),
    }
}

/// A name with nothing in it but letters without accents, digits, `_` and `-`.
fn clean(name: &str) -> String {
    let allowed = |it: char| it.is_ascii_alphanumeric() || "_-".contains(it);
    let words = name
        .split(|it| !allowed(it))
        .filter(|word| !word.is_empty());
    let mut clean = words.collect::<Vec<_>>().join("_");
    clean.truncate(MAX_NAME);
    clean
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::versions;
    use crate::import::text::Text;
    use crate::import::{Kind, Migration};

    fn names(migrations: &[(&str, &str, Kind)]) -> Vec<String> {
        let migrations = migrations.iter().map(|(version, name, kind)| Migration {
            kind: *kind,
            ..Migration::new("x", *version, name, Text::default())
        });
        let migrations: Vec<_> = migrations.collect();
        let found = versions(&migrations, Utf8Path::new("m")).unwrap();
        let names = found
            .into_iter()
            .map(|(version, name)| format!("{version}_{name}"));
        names.collect()
    }

    #[test]
    fn numbers_stay_what_they_are() {
        use Kind::{Repeatable, Versioned};
        assert_eq!(
            names(&[
                ("1", "one", Versioned),
                ("010", "ten: naïve", Versioned),
                ("20240228235959", "date", Versioned),
                ("", "a view", Repeatable),
                ("", "b", Repeatable),
            ]),
            [
                "00000000000001_one",
                "00000000000010_ten_na_ve",
                "20240228235959_date",
                "20240229000000_R_a_view",
                "20240229000001_R_b",
            ]
        );
        assert_eq!(
            names(&[("7", "x", Versioned), ("1660000000000000", "ms", Versioned)]),
            ["0000000000000007_x", "1660000000000000_ms"]
        );
    }

    #[test]
    fn what_is_no_number_is_counted() {
        use Kind::{Snapshot, Versioned};
        assert_eq!(
            names(&[
                ("1.2", "a", Versioned),
                ("1.10", "b", Versioned),
                ("2", "base", Snapshot),
                ("20240101000000", "c", Versioned),
            ]),
            [
                "00000000000001_was-1-2_a",
                "00000000000002_was-1-10_b",
                "00000000000003_was-B2_base",
                "20240101000000_c",
            ]
        );
        // An order by names, which is none of the numbers.
        assert_eq!(
            names(&[("10", "b", Versioned), ("9", "a", Versioned)]),
            ["00000000000001_was-10_b", "00000000000002_was-9_a"]
        );
    }
}
