//! Temporary cargo projects, and the binary run in them.

use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use crate::postgres::same_major;

/// A cargo project on disk, that can use this workspace's schema-core.
///
/// Its folder goes by its name and is made anew; all projects share one target directory, so that
/// schema-core is compiled once. The names of packages have to differ between projects, because
/// cargo puts what it builds last at `libNAME.rlib`.
#[derive(Debug)]
pub struct TestProject {
    root: Utf8PathBuf,
}

impl TestProject {
    /// An empty project.
    ///
    /// # Panics
    ///
    /// If its folder cannot be made; as all of the harness panics where the machine is at fault.
    pub fn new(name: &str) -> Self {
        let root = projects().join(name);
        if root.exists() {
            fs_err::remove_dir_all(&root).expect("an old project can be removed");
        }
        fs_err::create_dir_all(&root).expect("a project can be made");
        // With our versions, nothing has to be resolved or downloaded.
        fs_err::copy(workspace().join("Cargo.lock"), root.join("Cargo.lock"))
            .expect("the lock file can be copied");
        Self { root }
    }

    /// A project of one package in its root: the manifest's rest, and `(path, text)` of its files.
    pub fn package(name: &str, manifest: &str, files: &[(&str, &str)]) -> Self {
        let project = Self::new(name);
        project.add_package(".", name, &format!("{manifest}\n[workspace]\n"));
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// Writes a package's Cargo.toml: it depends on schema-core, and on what `rest` adds to the
    /// table of dependencies that it stands in.
    pub fn add_package(&self, folder: &str, name: &str, rest: &str) {
        let schema_core = workspace().join("schema-core");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nschema-core = {{ path = \"{schema_core}\" }}\n{rest}"
        );
        self.write(&format!("{folder}/Cargo.toml"), &manifest);
    }

    /// Writes a file, and the folders above it.
    ///
    /// # Panics
    ///
    /// If the disk does not take it.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        let folder = path.parent().expect("is in the project");
        fs_err::create_dir_all(folder).expect("a folder can be made");
        fs_err::write(&path, text).expect("a file can be written");
    }

    /// The folder of the project.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// A program that works in the project.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", projects().join("target"))
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_COLOR", "never")
            .envs(same_major())
            .stdin(Stdio::null());
        command
    }

    /// `cargo migrate` in the project.
    pub fn migrate(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(cargo_migrate());
        command.args(arguments);
        command
    }

    /// `cargo` in the project.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(cargo());
        forget_package(&mut command);
        command.args(arguments);
        command
    }

    /// Builds the project, and gives the rlibs and executables of its own packages.
    ///
    /// # Panics
    ///
    /// If it does not compile.
    pub fn build(&self, arguments: &[&str]) -> Vec<Utf8PathBuf> {
        let messages = build(&mut self.command(cargo()), arguments);
        let ours = messages.iter().filter(|message| {
            let manifest = message["manifest_path"].as_str();
            manifest.is_some_and(|path| path.starts_with(self.root.as_str()))
        });
        ours.flat_map(files).collect()
    }
}

/// The files of an artifact that can hold records.
fn files(message: &Value) -> Vec<Utf8PathBuf> {
    let all = message["filenames"].as_array();
    let all = all.into_iter().flatten().filter_map(Value::as_str);
    let all = all.map(Utf8PathBuf::from);
    let kept = all.filter(|path| matches!(path.extension(), None | Some("rlib" | "so" | "dylib")));
    kept.collect()
}

/// The binary under test, built when it is first asked for: `cargo test` only builds its tests.
/// `--workspace` gives schema-core the same features as these tests, so that it is compiled once.
///
/// # Panics
///
/// If it does not compile.
pub fn cargo_migrate() -> &'static Utf8Path {
    static BINARY: OnceLock<Utf8PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let mut command = Command::new(cargo());
        command
            .current_dir(workspace())
            .env("CARGO_TARGET_DIR", target());
        let messages = build(&mut command, &["--workspace", "--bin", "cargo-migrate"]);
        let executable = messages.iter().find_map(|it| it["executable"].as_str());
        executable.expect("is a binary").into()
    })
}

/// Runs `cargo build` for its messages.
fn build(command: &mut Command, arguments: &[&str]) -> Vec<Value> {
    forget_package(command);
    command
        .args(["build", "--message-format", "json-render-diagnostics"])
        .args(arguments)
        .stderr(Stdio::piped());
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("cargo runs");
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "cargo build failed:\n{stderr}");
    let lines = stdout.split(|byte| *byte == b'\n');
    lines
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect()
}

/// What cargo tells a test about its package would make build scripts of dependencies run again.
pub fn forget_package(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
}

fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn workspace() -> &'static Utf8Path {
    let tests = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("is in the workspace")
}

/// The target directory that this test was built in: it runs from `target/PROFILE/deps`.
fn target() -> Utf8PathBuf {
    let exe = std::env::current_exe().expect("a process knows its file");
    let exe = Utf8PathBuf::from_path_buf(exe).expect("the workspace's path is UTF-8");
    let target = exe.ancestors().nth(3);
    target.expect("is in target/PROFILE/deps").to_owned()
}

fn projects() -> Utf8PathBuf {
    target().join("projects")
}
