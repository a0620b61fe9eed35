//! Temporary git repositories with migrations, and the binary run in them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;
use tempfile::TempDir;

use crate::postgres::same_major;
use crate::project::cargo_migrate;

/// What the surroundings of the tests may say, and the binary would listen to.
const FOREIGN: [&str; 11] = [
    "CI",
    "APP_ENV",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "GITHUB_REPOSITORY",
    "GITHUB_API_URL",
    "GITHUB_EVENT_NAME",
    "GITHUB_EVENT_PATH",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
];

/// What a command left: exit code, stdout, stderr.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// What a command leaves.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    pub fn of(command: &mut Command) -> Self {
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().expect("it starts");
        Self {
            code: status.code().unwrap_or(-1),
            out: String::from_utf8(stdout).expect("UTF-8"),
            err: String::from_utf8(stderr).expect("UTF-8"),
        }
    }

    /// It ended with this code, and said these things on either stream.
    ///
    /// # Panics
    ///
    /// If it did not.
    #[expect(
        clippy::return_self_not_must_use,
        reason = "it is there for its assertions"
    )]
    #[track_caller]
    pub fn ends(self, code: i32, with: &[&str]) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        for part in with {
            let said = self.out.contains(part) || self.err.contains(part);
            assert!(said, "no `{part}` in:\n{}\n{}", self.out, self.err);
        }
        self
    }

    /// Its standard output as one JSON document.
    ///
    /// # Panics
    ///
    /// If it is not one.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error} in:\n{}\n{}", self.out, self.err))
    }

    /// The codes of its findings, sorted.
    #[track_caller]
    pub fn codes(&self) -> Vec<String> {
        let document = self.json();
        let findings = document["findings"].as_array().expect("a list");
        let codes = findings.iter().map(|it| it["code"].as_str());
        let mut codes: Vec<String> = codes.map(|it| it.expect("text").to_owned()).collect();
        codes.sort();
        codes
    }
}

/// Makes a command hear nothing of what the surroundings of the tests say, and git know only Ann.
pub fn isolate(command: &mut Command) {
    for name in FOREIGN {
        command.env_remove(name);
    }
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "Ann")
        .env("GIT_AUTHOR_EMAIL", "ann@localhost")
        .env("GIT_COMMITTER_NAME", "Ann")
        .env("GIT_COMMITTER_EMAIL", "ann@localhost")
        .env("GIT_EDITOR", "true")
        .env("NO_COLOR", "1");
}

/// A folder of its own, outside of every repository; git's settings of this machine do not count.
#[derive(Debug)]
pub struct TestRepository {
    folder: TempDir,
    root: Utf8PathBuf,
    environment: BTreeMap<String, String>,
}

impl TestRepository {
    /// An empty folder that is no repository.
    ///
    /// # Panics
    ///
    /// If the machine has no room; as all of the harness panics where the machine is at fault.
    pub fn folder() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).expect("UTF-8");
        let root = root.canonicalize_utf8().expect("is there");
        Self {
            folder,
            root,
            environment: BTreeMap::new(),
        }
    }

    /// A repository on branch `main`, without a commit.
    pub fn new() -> Self {
        let repository = Self::folder();
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    /// A repository with these migrations on `main`, and a branch `work` checked out.
    pub fn with_migrations(migrations: &[(&str, &str)]) -> Self {
        let repository = Self::new();
        for (name, sql) in migrations {
            repository.migration(name, sql);
        }
        repository.hash();
        repository.commit("base");
        repository.git(&["checkout", "-q", "-b", "work"]);
        repository
    }

    /// A copy of another repository, with further arguments of `git clone`.
    pub fn clone_of(origin: &Self, arguments: &[&str]) -> Self {
        let clone = Self::folder();
        let url = format!("file://{}", origin.root);
        let mut all = vec!["clone", "-q"];
        all.extend(arguments);
        all.extend([url.as_str(), "."]);
        clone.git(&all);
        clone
    }

    /// Its folder.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// Sets a variable for all commands in it.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.environment.insert(name.to_owned(), value.into());
    }

    /// Writes a file, and the folders above it.
    ///
    /// # Panics
    ///
    /// If the disk does not take it.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        fs_err::create_dir_all(path.parent().expect("is in it")).expect("a folder");
        fs_err::write(path, text).expect("a file");
    }

    /// Reads a file.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn read(&self, path: &str) -> String {
        fs_err::read_to_string(self.root.join(path)).expect("is there")
    }

    /// Writes a migration, without its line in the sum.
    pub fn migration(&self, name: &str, sql: &str) {
        self.write(&format!("migrations/{name}"), sql);
    }

    /// Writes the sum anew for the files that are there, as nothing of ours would.
    ///
    /// # Panics
    ///
    /// If a file is not UTF-8.
    pub fn hash(&self) {
        self.hash_in("migrations");
    }

    /// The same for another folder.
    ///
    /// # Panics
    ///
    /// If a file is not UTF-8.
    pub fn hash_in(&self, folder: &str) {
        let dir = self.root.join(folder);
        let directory = schema_core::directory::Directory::load(&dir).expect("loads");
        self.write(
            &format!("{folder}/atlas.sum"),
            directory.computed_sum().to_string(),
        );
    }

    /// Commits everything.
    pub fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    /// Runs git, which has to succeed, and gives what it prints.
    ///
    /// # Panics
    ///
    /// If it fails.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        let ran = Ran::of(self.command("git").args(arguments));
        assert_eq!(ran.code, 0, "git {arguments:?}: {}", ran.err);
        ran.out.trim().to_owned()
    }

    /// A program that works in it.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        isolate(&mut command);
        command
            .current_dir(&self.root)
            .envs(same_major())
            .envs(&self.environment)
            .stdin(Stdio::null());
        command
    }

    /// `cargo migrate` in it.
    pub fn migrate(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(cargo_migrate()).args(arguments))
    }

    /// Whether something is left of it on disk.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Default for TestRepository {
    fn default() -> Self {
        Self::new()
    }
}
