//! The cargo project: its packages, its build, its artifacts.

use std::collections::BTreeSet;
use std::io::{self, BufReader};
use std::process::{Command, Stdio};

use bumpalo::Bump;
use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{CrateType, Message, TargetKind};
use schema_core::def::Record;
use schema_core::metadata::extract::{self, ExtractError};

use crate::cli::BuildArgs;
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::{environment, git};

/// What cargo is asked to build, and which of it may hold tables.
///
/// That is the user's ordinary `cargo build` in the folder that the configuration belongs to, so
/// that it is the same from wherever it is called. Tables count in all packages that come from a
/// path, and in those of a registry or repository that are named.
#[derive(Debug)]
pub(crate) struct Project {
    manifest_path: Utf8PathBuf,
    /// `--package`, else `packages` of the configuration.
    packages: Vec<String>,
    /// Further arguments of `cargo build`.
    arguments: Vec<String>,
}

/// What a build made.
#[derive(Debug, Default)]
pub(crate) struct Artifacts {
    /// Libraries and executables that may hold tables.
    paths: Vec<Utf8PathBuf>,
    /// Their crates.
    crates: BTreeSet<String>,
    /// Whether schema-core is part of the build.
    uses_schema_core: bool,
}

/// Why the project cannot be built and read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProjectError {
    /// There is no Cargo.toml.
    #[error("no Cargo.toml in `{folder}` or a folder above it")]
    NoManifest { folder: Utf8PathBuf },
    /// cargo does not start.
    #[error("cargo cannot be run")]
    Cargo { source: io::Error },
    /// cargo has said why.
    #[error("the build failed")]
    Build,
    /// An artifact cannot be read.
    #[error(transparent)]
    Extract(#[from] ExtractError),
    /// schema-core is not part of the build.
    #[error(
        "no tables in {}: no package that was built uses schema-core",
        list(crates)
    )]
    Unused { crates: BTreeSet<String> },
    /// No struct with `#[table]` was compiled.
    #[error(
        "no tables in {}: no struct with `#[table]` was compiled",
        list(crates)
    )]
    NoTables { crates: BTreeSet<String> },
    /// No library, no executable.
    #[error("no tables: the build of `{manifest_path}` makes no library and no executable")]
    NoArtifacts { manifest_path: Utf8PathBuf },
}

impl ProjectError {
    fn help(&self) -> Option<&'static str> {
        match self {
            Self::NoManifest { .. } => Some("run this in a cargo project, or give --manifest-path"),
            Self::Cargo { .. } => Some("install a Rust toolchain, and have `cargo` on the PATH"),
            Self::Unused { .. } => Some(
                "add it: `cargo add schema-core`; or name the package with the tables by --package or `packages` in migrate.toml",
            ),
            Self::NoTables { .. } => Some(
                "if there are some, they are behind a feature (--features), in a file that no `mod` names, or in a package that is not built: name it by --package or `packages` in migrate.toml",
            ),
            Self::NoArtifacts { .. } => {
                Some("name the packages with the tables by --package or `packages` in migrate.toml")
            }
            Self::Build | Self::Extract(_) => None,
        }
    }
}

impl From<ProjectError> for Failure {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::Build => Self::silent(Exit::Project),
            error => Self::from_error(Exit::Project, &error)
                .with_optional_help(error.help().map(str::to_owned)),
        }
    }
}

impl Project {
    /// The project that the configuration belongs to.
    pub(crate) fn find(context: &Context, build: &BuildArgs) -> Result<Self, ProjectError> {
        let manifests = context.root.ancestors().map(|it| it.join("Cargo.toml"));
        let mut manifests = manifests.filter(|it| it.is_file());
        let manifest_path = manifests.next().ok_or_else(|| ProjectError::NoManifest {
            folder: context.root.clone(),
        })?;
        let packages = if build.packages.is_empty() {
            context.config.packages.clone()
        } else {
            build.packages.clone()
        };
        let mut arguments = Vec::new();
        let features = context.config.features.iter().chain(&build.features);
        for feature in features {
            arguments.extend(["--features".to_owned(), feature.clone()]);
        }
        if build.all_features {
            arguments.push("--all-features".to_owned());
        }
        if build.no_default_features {
            arguments.push("--no-default-features".to_owned());
        }
        if build.release {
            arguments.push("--release".to_owned());
        }
        if let Some(profile) = &build.profile {
            arguments.extend(["--profile".to_owned(), profile.clone()]);
        }
        Ok(Self {
            manifest_path,
            packages,
            arguments,
        })
    }

    /// Runs `cargo build`. Its progress and its errors go to the terminal as always.
    pub(crate) fn build(&self) -> Result<Artifacts, ProjectError> {
        let failed = |source| ProjectError::Cargo { source };
        let mut command = Command::new(environment::cargo());
        command
            .args(["build", "--message-format", "json-render-diagnostics"])
            .args(["--manifest-path", self.manifest_path.as_str()])
            .args(self.packages.iter().flat_map(|it| ["--package", it]))
            .args(&self.arguments)
            .current_dir(self.folder())
            // `check_migrations!` lets this build pass: without it the migration could not be written.
            .env("CARGO_MIGRATE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        // In a hook of git, build scripts would take its index and folder for theirs.
        for name in git::LOCAL {
            command.env_remove(name);
        }
        let mut child = command.spawn().map_err(failed)?;
        let stdout = child.stdout.take().expect("is piped");
        let artifacts = self.artifacts(BufReader::new(stdout)).map_err(failed)?;
        if child.wait().map_err(failed)?.success() {
            Ok(artifacts)
        } else {
            Err(ProjectError::Build)
        }
    }

    /// What the artifacts say, by file and line.
    pub(crate) fn records<'a>(
        &self,
        artifacts: &Artifacts,
        arena: &'a Bump,
    ) -> Result<Vec<Record<'a>>, ProjectError> {
        let records = extract::records(&artifacts.paths, arena)?;
        // A newtype alone is no schema.
        if records.iter().any(|it| !matches!(it, Record::Newtype(_))) {
            return Ok(records);
        }
        let crates = artifacts.crates.clone();
        Err(match (crates.is_empty(), artifacts.uses_schema_core) {
            (true, _) => ProjectError::NoArtifacts {
                manifest_path: self.manifest_path.clone(),
            },
            (false, false) => ProjectError::Unused { crates },
            (false, true) => ProjectError::NoTables { crates },
        })
    }

    fn folder(&self) -> &Utf8Path {
        self.manifest_path.parent().unwrap_or(Utf8Path::new("."))
    }

    fn artifacts(&self, messages: impl io::BufRead) -> io::Result<Artifacts> {
        let mut found = Artifacts::default();
        for message in Message::parse_stream(messages) {
            let Message::CompilerArtifact(artifact) = message? else {
                continue;
            };
            let krate = artifact.target.name.replace('-', "_");
            if krate == "schema_core" {
                found.uses_schema_core = true;
                continue;
            }
            let is_ours = artifact.package_id.repr.starts_with("path+")
                || self.packages.iter().any(|it| names(it, &krate));
            if let Some(path) = readable(&artifact).filter(|_| is_ours) {
                found.paths.push(path.clone());
                found.crates.insert(krate);
            }
        }
        Ok(found)
    }
}

/// The file of an artifact that holds its sections: of a library the rlib, if it has one.
fn readable(artifact: &cargo_metadata::Artifact) -> Option<&Utf8PathBuf> {
    let target = &artifact.target;
    if target.kind.contains(&TargetKind::Bin) {
        return artifact.executable.as_ref();
    }
    let is_example = target.kind.contains(&TargetKind::Example);
    let file = |kind: &CrateType, extensions: &[&str]| {
        let files = artifact.filenames.iter();
        let mut files = files.filter(|_| target.crate_types.contains(kind));
        files.find(|it| it.extension().is_some_and(|it| extensions.contains(&it)))
    };
    let shared = &["so", "dylib", "dll"];
    file(&CrateType::Lib, &["rlib"])
        .or_else(|| file(&CrateType::RLib, &["rlib"]))
        .or_else(|| file(&CrateType::DyLib, shared))
        .or_else(|| file(&CrateType::CDyLib, shared))
        .or_else(|| file(&CrateType::StaticLib, &["a", "lib"]))
        .filter(|_| !is_example)
}

fn list(crates: &BTreeSet<String>) -> String {
    let quoted: Vec<_> = crates.iter().map(|it| format!("`{it}`")).collect();
    quoted.join(", ")
}

/// Whether a package spec (`name`, `name@version`) means the package of a crate.
fn names(spec: &str, krate: &str) -> bool {
    let name = spec.split_once('@').map_or(spec, |(name, _)| name);
    name.replace('-', "_") == krate
}
