//! PostgreSQL binaries on this machine, and which version they are.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fmt,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    cache::{Cache, short_hash},
    error::DevDbError,
    options::{Options, Source},
    spawn,
};

/// Which PostgreSQL a dev database runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engine {
    /// The version as people write it: `15.18`.
    pub version: String,
    /// The major version, on which the catalogs' text depends.
    pub major: u32,
    /// Where it comes from, for people: a directory or a host.
    pub origin: String,
    /// Stands for everything about this engine that a cached catalog or snapshot depends on.
    pub key: String,
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PostgreSQL {} ({})", self.version, self.origin)
    }
}

/// Where PostgreSQL's server binaries usually are: `PATH` first, then what packages use.
pub fn default_binary_dirs(path: Option<&OsStr>) -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = path
        .map(std::env::split_paths)
        .into_iter()
        .flatten()
        .collect();
    for (parent, below) in [
        ("/usr/lib/postgresql", "bin"),
        ("/usr", "bin"),
        ("/usr/libexec", ""),
        ("/opt/homebrew/opt", "bin"),
        ("/usr/local/opt", "bin"),
        ("/home/linuxbrew/.linuxbrew/opt", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "bin"),
        ("/usr/local/pgsql", "bin"),
        ("/usr/local", "bin"),
    ] {
        // Directly below, or in a directory of one version.
        dirs.push(Path::new(parent).join(below));
        let Ok(entries) = fs_err::read_dir(parent) else {
            continue;
        };
        let mut versions: Vec<PathBuf> = entries
            .filter_map(Result::ok)
            .filter(|entry| {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                name.starts_with(|first: char| first.is_ascii_digit())
                    || name.starts_with("postgresql")
                    || name.starts_with("pgsql")
            })
            .map(|entry| entry.path().join(below))
            .collect();
        versions.sort();
        dirs.extend(versions);
    }
    dirs
}

/// The engine that the options ask for, and its binaries, without starting it.
pub(super) fn resolve(options: &Options, cache: &Cache) -> Result<(Engine, PathBuf), DevDbError> {
    if let Source::Bin(dir) = &options.source {
        return examine(dir, cache)?.ok_or_else(|| DevDbError::BadBinaries {
            dir: dir.clone(),
            reason: "postgres and initdb are not both there".to_owned(),
        });
    }
    let mut found = Vec::new();
    // What was downloaded serves where nothing on the system does.
    for dirs in [&options.search_path, &cache.downloaded()] {
        let engines = find(dirs, cache);
        let wanted = |major| options.major.is_none_or(|wanted| wanted == major);
        // The first of several equals wins: the search path is ordered.
        let matching = engines
            .iter()
            .rev()
            .filter(|(engine, _)| wanted(engine.major));
        if let Some(best) = matching.max_by_key(|(engine, _)| engine.major) {
            return Ok(best.clone());
        }
        found.extend(engines.into_iter().map(|(engine, _)| engine.version));
    }
    Err(DevDbError::NoBinaries {
        major: options.major,
        found,
    })
}

/// Every usable set of binaries in these directories, in their order.
fn find(dirs: &[PathBuf], cache: &Cache) -> Vec<(Engine, PathBuf)> {
    let mut seen = Vec::new();
    let mut engines = Vec::new();
    for dir in dirs {
        let Ok(real) = fs_err::canonicalize(dir.join("postgres")) else {
            continue;
        };
        if seen.contains(&real) {
            continue;
        }
        seen.push(real);
        // Broken binaries somewhere on the way must not hide working ones behind them.
        if let Ok(Some(engine)) = examine(dir, cache) {
            engines.push(engine);
        }
    }
    engines
}

/// What `postgres --version` said, as long as the file is the same: asking takes 20 to 130 ms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    size: u64,
    modified: i64,
    modified_nanos: i64,
    says: String,
}

/// The binaries in a directory, if a server's are there.
pub(super) fn examine(dir: &Path, cache: &Cache) -> Result<Option<(Engine, PathBuf)>, DevDbError> {
    // Behind a link in /usr/bin are the real directory and its initdb.
    let Ok(program) = fs_err::canonicalize(dir.join("postgres")) else {
        return Ok(None);
    };
    let Some(bin) = program.parent().map(Path::to_owned) else {
        return Ok(None);
    };
    let Ok(metadata) = fs_err::metadata(&program) else {
        return Ok(None);
    };
    if !bin.join("initdb").is_file() {
        return Ok(None);
    }
    let mut index: BTreeMap<String, Known> = cache.get("engines", "").unwrap_or_default();
    let name = program.to_string_lossy().into_owned();
    let known = index.get(&name).filter(|known| {
        (known.size, known.modified, known.modified_nanos)
            == (metadata.size(), metadata.mtime(), metadata.mtime_nsec())
    });
    let says = if let Some(known) = known {
        known.says.clone()
    } else {
        let says = ask(&program)?;
        let known = Known {
            size: metadata.size(),
            modified: metadata.mtime(),
            modified_nanos: metadata.mtime_nsec(),
            says: says.clone(),
        };
        index.insert(name, known);
        // A cache that cannot be written costs time, and nothing else.
        let _ = cache.put("engines", "", &index);
        says
    };
    let Some((version, major)) = parse_version(&says) else {
        return Err(DevDbError::BadBinaries {
            dir: bin,
            reason: format!("postgres --version says `{says}`"),
        });
    };
    let identity = format!("{}\0{says}", program.display());
    let engine = Engine {
        key: format!("{version}-{}", short_hash(&identity, 8)),
        version,
        major,
        origin: bin.display().to_string(),
    };
    Ok(Some((engine, bin)))
}

fn ask(program: &Path) -> Result<String, DevDbError> {
    let bad = |reason: String| DevDbError::BadBinaries {
        dir: program.parent().unwrap_or(program).to_owned(),
        reason,
    };
    let output = spawn::command(program)
        .arg("--version")
        .output()
        .map_err(|error| bad(error.to_string()))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(bad(String::from_utf8_lossy(&output.stderr)
            .trim()
            .to_owned()))
    }
}

/// `postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)`, also `19beta1` and `18devel`.
pub(super) fn parse_version(says: &str) -> Option<(String, u32)> {
    let version = says
        .split("(PostgreSQL) ")
        .nth(1)?
        .split_whitespace()
        .next()?;
    let digits = version.find(|letter: char| !letter.is_ascii_digit());
    let major = version[..digits.unwrap_or(version.len())].parse().ok()?;
    Some((version.to_owned(), major))
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn versions_are_read_as_the_server_prints_them() {
        let check = |says: &str, version: &str, major: u32| {
            assert_eq!(parse_version(says), Some((version.to_owned(), major)));
        };
        check(
            "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)",
            "15.20",
            15,
        );
        check("postgres (PostgreSQL) 18.4", "18.4", 18);
        check("postgres (PostgreSQL) 19beta1", "19beta1", 19);
        assert_eq!(parse_version("mysqld 8.0"), None);
        assert_eq!(parse_version("postgres (PostgreSQL) devel"), None);
    }
}
