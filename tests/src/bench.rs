//! What the benchmarks share: the release binary, a stock server, medians.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The binary under test, in the release profile, as `cargo install` builds it.
pub fn build_release() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "-p", "cargo-migrate"])
        .current_dir(root)
        .status()
        .expect("cargo runs");
    assert!(status.success());
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join("release/cargo-migrate")
}

/// A stock server for `psql` and `pg_dump`.
#[derive(Debug)]
pub struct Server {
    dir: PathBuf,
    bin: PathBuf,
}

impl Server {
    /// A server below a folder, which does not wait for its disk.
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, "-c listen_addresses= -c fsync=off")
    }

    /// A server below a folder, with these options.
    pub fn start_with(folder: &Path, options: &str) -> Self {
        let bin = PathBuf::from(
            std::env::var_os("PG_BIN").unwrap_or_else(|| "/usr/lib/postgresql/15/bin".into()),
        );
        let dir = folder.join("pg");
        fs_err::create_dir_all(&dir).expect("a folder");
        let server = Self { dir, bin };
        let data = server.dir.join("data");
        let chown = Command::new("chown")
            .arg("-R")
            .arg("nobody")
            .arg(folder)
            .status()
            .expect("chown runs");
        assert!(chown.success());
        server
            .as_nobody("initdb")
            .args([
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
                "-D",
            ])
            .arg(&data)
            .output()
            .expect("initdb runs");
        let status = server
            .as_nobody("pg_ctl")
            .args(["-w", "start", "-D"])
            .arg(&data)
            .arg("-o")
            .arg(format!(
                "-k {} -c max_locks_per_transaction=1024 {options}",
                server.dir.display()
            ))
            .stdout(Stdio::null())
            .status()
            .expect("pg_ctl runs");
        assert!(status.success());
        server
    }

    fn as_nobody(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(self.bin.join(program))
            .current_dir("/");
        command
    }

    /// A client program, connected to it.
    pub fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command
            .env("PGHOST", &self.dir)
            .env("PGUSER", "postgres")
            .stdout(Stdio::null());
        command
    }

    /// Times `psql` with the whole history, and `pg_dump` of what it gives.
    pub fn measure(&self, migrations: &Path, runs: usize) -> (f64, f64) {
        let mut files: Vec<PathBuf> = fs_err::read_dir(migrations)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
            .collect();
        files.sort();
        let mut psql = Vec::new();
        for _ in 0..runs {
            for sql in ["DROP DATABASE IF EXISTS bench", "CREATE DATABASE bench"] {
                assert!(
                    self.client("psql")
                        .args(["-qc", sql, "postgres"])
                        .stderr(Stdio::null())
                        .status()
                        .expect("psql runs")
                        .success()
                );
            }
            let mut command = self.client("psql");
            command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "bench"]);
            for file in &files {
                command.arg("-f").arg(file);
            }
            psql.push(timed(&mut command));
        }
        let pg_dump =
            (0..runs).map(|_| timed(self.client("pg_dump").args(["--schema-only", "bench"])));
        (median(psql), median(pg_dump))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self
            .as_nobody("pg_ctl")
            .args(["-m", "immediate", "stop", "-D"])
            .arg(self.dir.join("data"))
            .stdout(Stdio::null())
            .status();
    }
}

/// Runs a command that has to succeed, and times it in milliseconds.
pub fn timed(command: &mut Command) -> f64 {
    let started = Instant::now();
    let status = command.status().expect("runs");
    let time = milliseconds(started.elapsed());
    assert!(status.success(), "{command:?}");
    time
}

/// A time in milliseconds.
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The middle of some times.
pub fn median(times: impl IntoIterator<Item = f64>) -> f64 {
    let mut times: Vec<f64> = times.into_iter().collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
