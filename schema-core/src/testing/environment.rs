//! What tests take from their surroundings: variables, and the program that they are.

use std::env;
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use super::TestError;
use crate::dev_db::{Options, Source, default_binary_dirs, default_cache_dir};

const URL: &str = "TEST_DATABASE_URL";
const MAJOR: &str = "CARGO_MIGRATE_POSTGRES_VERSION";
const BIN: &str = "CARGO_MIGRATE_PG_BIN";

/// Where the server for tests comes from.
pub(super) fn options() -> Result<Options, TestError> {
    let cache = default_cache_dir(|name| env::var_os(name));
    let cache = cache.unwrap_or_else(|| env::temp_dir().join("cargo-migrate"));
    let mut options = Options::new(cache);
    options.run_dirs = vec![PathBuf::from("/dev/shm"), env::temp_dir()];
    options.search_path = default_binary_dirs(env::var_os("PATH").as_deref());
    if let Some(url) = text(URL)? {
        options.source = Source::Url(url);
    } else if let Some(dir) = variable(BIN) {
        options.source = Source::Bin(dir.into());
    }
    if let Some(major) = text(MAJOR)? {
        let number = major.parse();
        options.major = Some(number.map_err(|_| TestError::Variable {
            name: MAJOR,
            expected: "a major version such as 17",
        })?);
    }
    Ok(options)
}

/// Stands for the code of this program: its file, as the linker left it.
pub(super) fn program() -> Result<String, TestError> {
    let of_file = || {
        let path = env::current_exe()?;
        let file = fs_err::metadata(&path)?;
        Ok(format!(
            "{}\0{}\0{}.{}",
            path.display(),
            file.size(),
            file.mtime(),
            file.mtime_nsec()
        ))
    };
    of_file().map_err(TestError::Cache)
}

/// A variable; empty counts as unset.
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

fn text(name: &'static str) -> Result<Option<String>, TestError> {
    let text = variable(name).map(OsString::into_string).transpose();
    text.map_err(|_| TestError::Variable {
        name,
        expected: "UTF-8",
    })
}
