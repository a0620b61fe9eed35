//! Adding files to a directory: the only way in which it grows.

use std::fs::TryLockError;
use std::time::{Duration, Instant};

use camino::Utf8Path;
use jiff::{Timestamp, civil, tz::TimeZone};

use super::chain::{ReadSum, SUM_FILE};
use super::error::DirectoryError;
use super::load::Directory;
use super::problem::Problem;
use super::store::{OnExisting, store, store_file};

const LOCK_WAIT: Duration = Duration::from_secs(10);
const LOCK_POLL: Duration = Duration::from_millis(25);
const VERSION_FORMAT: &str = "%Y%m%d%H%M%S";
/// What a file system takes as a name, less the version and `.sql`.
const MAX_NAME_BYTES: usize = 255 - 14 - 1 - 4;

/// A file to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    /// What the file name says after the version.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
}

impl Directory {
    /// Adds files behind the newest one, and their lines to `atlas.sum`; returns their file names.
    ///
    /// Versions are made from `now`, and are always newer than the newest that there is. The
    /// directory is created if it does not exist. It must be intact and still be what it was
    /// when it was loaded. Either everything is written, the sum last, or nothing.
    pub fn append(
        &mut self,
        files: &[NewFile<'_>],
        now: Timestamp,
    ) -> Result<Vec<String>, DirectoryError> {
        for file in files {
            check_name(file.name)?;
        }
        fs_err::create_dir_all(&self.path).map_err(|source| DirectoryError::Write {
            path: self.path.clone(),
            source,
        })?;
        let _lock = lock(&self.path)?;
        let found = Self::load_with(&self.path, &self.prefixes)?;
        if let Some(first) = found.verify_chain().into_iter().next() {
            return Err(DirectoryError::Broken {
                path: self.path.clone(),
                first: Box::new(Problem::Chain(first)),
            });
        }
        if found.hash() != self.hash() {
            let newest = found
                .files
                .last()
                .map_or("nothing".to_owned(), |file| format!("`{}`", file.file_name));
            return Err(DirectoryError::Changed {
                path: self.path.clone(),
                newest,
            });
        }
        let mut texts: Vec<_> = found
            .files
            .into_iter()
            .map(|file| (file.file_name, file.text))
            .collect();
        let mut names = Vec::new();
        for file in files {
            let newest = texts.last().map(|(name, _)| name.as_str());
            let version = self.version_after(newest, now)?;
            let name = file_name(&version, file.name);
            texts.push((name.clone(), file.text.to_owned()));
            names.push(name);
        }
        let mut extended = Self::from_texts(&self.path, texts, None, &self.prefixes);
        let sum = extended.computed_sum().to_string();
        let mut written = Vec::new();
        let result = names.iter().zip(files).try_for_each(|(name, file)| {
            let path = self.path.join(name);
            store_file(&path, file.text.as_bytes(), OnExisting::Refuse)?;
            written.push(path);
            Ok(())
        });
        if let Err(error) = result.and_then(|()| store(&self.path.join(SUM_FILE), sum.as_bytes())) {
            for path in written {
                // The first error is what the user has to see; an unlisted file is found by `verify`.
                let _ = fs_err::remove_file(path);
            }
            return Err(error);
        }
        extended.sum = Some(ReadSum::parse(&sum));
        extended.touched = found.touched;
        extended.structs = found.structs;
        *self = extended;
        Ok(names)
    }

    /// The version for a file behind `newest`: that of `now`, or the second after it.
    pub fn version_after(
        &self,
        newest: Option<&str>,
        now: Timestamp,
    ) -> Result<String, DirectoryError> {
        next_version(newest, now).map_err(|newest| DirectoryError::NoVersionAfter {
            path: self.path.clone(),
            newest,
        })
    }
}

/// The file name for a version, and for what is said after it.
///
/// ```
/// # use schema_core::directory::file_name;
/// assert_eq!(file_name("20261123120500", "add_users"), "20261123120500_add_users.sql");
/// assert_eq!(file_name("20261123120500", ""), "20261123120500.sql");
/// ```
pub fn file_name(version: &str, name: &str) -> String {
    if name.is_empty() {
        format!("{version}.sql")
    } else {
        format!("{version}_{name}.sql")
    }
}

/// The directory's own file descriptor is locked, so nothing is left behind, whatever happens.
pub(super) fn lock(path: &Utf8Path) -> Result<fs_err::File, DirectoryError> {
    let directory = fs_err::File::open(path).map_err(|source| DirectoryError::Read {
        path: path.to_owned(),
        source,
    })?;
    let start = Instant::now();
    loop {
        match directory.file().try_lock() {
            Ok(()) => return Ok(directory),
            Err(TryLockError::WouldBlock) if start.elapsed() < LOCK_WAIT => {
                std::thread::sleep(LOCK_POLL);
            }
            Err(TryLockError::WouldBlock) => {
                return Err(DirectoryError::Locked {
                    path: path.to_owned(),
                    waited: LOCK_WAIT,
                });
            }
            Err(TryLockError::Error(source)) => {
                return Err(DirectoryError::Write {
                    path: path.to_owned(),
                    source,
                });
            }
        }
    }
}

/// Whether a name can be part of a file name: letters without accents, digits, `_` and `-`.
pub fn check_name(name: &str) -> Result<(), DirectoryError> {
    let allowed =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
    if name.chars().all(allowed) && name.len() <= MAX_NAME_BYTES {
        return Ok(());
    }
    let words = name
        .split(|character| !allowed(character))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>();
    let mut suggestion = words.join("_");
    suggestion.truncate(MAX_NAME_BYTES.min(60));
    Err(DirectoryError::Name {
        name: name.to_owned(),
        suggestion: (!suggestion.is_empty()).then_some(suggestion),
    })
}

/// The version of `now`, or the second after the newest if that is not newer.
fn next_version(newest: Option<&str>, now: Timestamp) -> Result<String, String> {
    let version = now.strftime(VERSION_FORMAT).to_string();
    let Some(newest) = newest else {
        return Ok(version);
    };
    if version.as_str() > newest {
        return Ok(version);
    }
    let digits = newest
        .get(..14)
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let next = digits.and_then(
        |digits| match civil::DateTime::strptime(VERSION_FORMAT, digits) {
            Ok(time) => {
                let time = time.to_zoned(TimeZone::UTC).ok()?.timestamp() + Duration::from_secs(1);
                Some(time.strftime(VERSION_FORMAT).to_string())
            }
            // Some number other people counted up; it stays as long as it is.
            Err(_) => digits
                .parse::<u64>()
                .ok()
                .map(|number| (number + 1).to_string())
                .filter(|next| next.len() == 14),
        },
    );
    next.ok_or_else(|| newest.to_owned())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{check_name, next_version};

    #[test]
    fn versions_always_go_up() {
        let now: Timestamp = "2026-11-23T12:05:00Z".parse().unwrap();
        let cases = [
            (None, Ok("20261123120500")),
            (Some("20260101000000_init.sql"), Ok("20261123120500")),
            (Some("20260519_short.sql"), Ok("20261123120500")),
            (Some("1_first.sql"), Ok("20261123120500")),
            (Some("20261123120500_same_second.sql"), Ok("20261123120501")),
            (Some("20261123120500.sql"), Ok("20261123120501")),
            (Some("20991231235959_clock_ahead.sql"), Ok("21000101000000")),
            (Some("20269999999999_counted.sql"), Ok("20270000000000")),
            (Some("init.sql"), Err("init.sql".to_owned())),
            (Some("9_nine.sql"), Err("9_nine.sql".to_owned())),
        ];
        for (newest, expected) in cases {
            assert_eq!(
                next_version(newest, now),
                expected.map(str::to_owned),
                "{newest:?}"
            );
        }
    }

    #[test]
    fn names_are_file_names() {
        for good in ["add_users", "config-2", "", "A1"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for (bad, suggestion) in [
            ("add users", "add_users"),
            ("../etc/passwd", "etc_passwd"),
            ("naïve;", "na_ve"),
            ("a.b", "a_b"),
        ] {
            let help = check_name(bad).unwrap_err().help().unwrap();
            assert!(help.ends_with(&format!("as in `{suggestion}`")), "{help}");
        }
        assert!(check_name(&"x".repeat(300)).is_err());
    }
}
