//! The private directory of one running server: gone with it, or swept by the next run.

use std::{
    fs::{File, TryLockError},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal};

use super::{error::DevDbError, spawn::Identity};

const PREFIX: &str = "cmig-";
/// A unix socket's path may have 107 bytes (103 on macOS), of which its own name takes 15.
const LONGEST: usize = 80;

/// A directory that nobody else uses while the lock is held.
#[derive(Debug)]
pub(super) struct RunDir {
    path: PathBuf,
    /// A lock on the directory itself, so that a killed run frees it.
    _lock: File,
}

impl RunDir {
    /// Makes a directory in the first place that has `need` bytes free.
    pub(super) fn create(
        places: &[PathBuf],
        need: u64,
        identity: Identity,
    ) -> Result<Self, DevDbError> {
        let mut tried = Vec::new();
        for place in places {
            match usable(place, need).and_then(|()| make(place, identity)) {
                Ok(dir) => return Ok(dir),
                Err(error) => tried.push(format!("{}: {error}", place.display())),
            }
        }
        Err(DevDbError::NoRunDir { tried })
    }

    /// Where sockets and the log are.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the data directory is.
    pub(super) fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    /// Where the server writes what it has to say.
    pub(super) fn log(&self) -> PathBuf {
        self.path.join("log")
    }
}

impl Drop for RunDir {
    fn drop(&mut self) {
        // A file may appear while the tree is being removed if a server process is on its way out.
        for _ in 0..20 {
            if fs_err::remove_dir_all(&self.path).is_ok() || !self.path.exists() {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Removes what killed runs left in `places`: stops their servers, then deletes their directories.
pub(super) fn sweep(places: &[PathBuf]) {
    for path in leftovers(places) {
        // A directory whose lock can be had has no owner.
        if let Ok(Some(_lock)) = lock(&path) {
            stop_server(&path.join("data"));
            let _ = fs_err::remove_dir_all(&path);
        }
    }
}

/// Every run directory in `places`, with or without an owner.
pub(super) fn leftovers(places: &[PathBuf]) -> Vec<PathBuf> {
    places
        .iter()
        .filter_map(|place| fs_err::read_dir(place).ok())
        .flat_map(|entries| entries.filter_map(Result::ok))
        .filter(|entry| {
            entry.file_name().to_string_lossy().starts_with(PREFIX)
                && entry.file_type().is_ok_and(|kind| kind.is_dir())
        })
        .map(|entry| entry.path())
        .collect()
}

/// Whether a running process holds the directory.
pub(super) fn in_use(path: &Path) -> bool {
    matches!(lock(path), Ok(None))
}

fn usable(place: &Path, need: u64) -> io::Result<()> {
    if place.as_os_str().len() > LONGEST {
        return Err(io::Error::other("the path is too long for a unix socket"));
    }
    let stat = rustix::fs::statvfs(place)?;
    let free = stat.f_bavail.saturating_mul(stat.f_frsize);
    if free < need {
        return Err(io::Error::new(
            io::ErrorKind::StorageFull,
            format!("{} MB free, {} MB needed", free >> 20, need >> 20),
        ));
    }
    Ok(())
}

fn make(place: &Path, identity: Identity) -> io::Result<RunDir> {
    loop {
        let path = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(place)?
            .keep();
        // Between the two calls a sweep may have taken the new directory for a leftover.
        let Some(lock) = lock(&path)? else { continue };
        if let Some((uid, gid)) = identity.owner() {
            std::os::unix::fs::chown(&path, Some(uid), Some(gid))?;
        }
        return Ok(RunDir { path, _lock: lock });
    }
}

/// The lock on a directory, unless somebody else has it or the directory is gone.
fn lock(path: &Path) -> io::Result<Option<File>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let same = fs_err::metadata(path)
        .is_ok_and(|now| file.metadata().is_ok_and(|then| then.ino() == now.ino()));
    Ok(same.then_some(file))
}

/// Stops the server that still runs in `data`, if one does: systems without a parent-death signal.
fn stop_server(data: &Path) {
    let Ok(text) = fs_err::read_to_string(data.join("postmaster.pid")) else {
        return;
    };
    let pid = text.lines().next().and_then(|line| line.parse().ok());
    let Some(pid) = pid.and_then(Pid::from_raw) else {
        return;
    };
    if !serves(pid, data) {
        return;
    }
    for _ in 0..500 {
        if rustix::process::kill_process(pid, Signal::QUIT).is_err() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
        if !serves(pid, data) {
            return;
        }
    }
    let _ = rustix::process::kill_process(pid, Signal::KILL);
}

/// Whether this process is the server of this directory, and not one that got its number later.
#[cfg(target_os = "linux")]
fn serves(pid: Pid, data: &Path) -> bool {
    let cwd = format!("/proc/{}/cwd", pid.as_raw_nonzero());
    std::fs::read_link(cwd).is_ok_and(|cwd| cwd == data)
}

/// Whether this process is the server of this directory, and not one that got its number later.
#[cfg(not(target_os = "linux"))]
fn serves(pid: Pid, data: &Path) -> bool {
    std::process::Command::new("ps")
        .args(["-o", "command=", "-p", &pid.as_raw_nonzero().to_string()])
        .output()
        .is_ok_and(|output| {
            String::from_utf8_lossy(&output.stdout).contains(&*data.to_string_lossy())
        })
}
