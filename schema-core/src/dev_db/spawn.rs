//! Children that run PostgreSQL: with which privileges, and that they die with us.

use std::{
    io,
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command},
    sync::{OnceLock, mpsc},
    thread,
};

/// `nobody` on every system that PostgreSQL runs on.
const NOBODY: u32 = 65534;

/// Variables that change what PostgreSQL's programs do.
const FOREIGN: [&str; 25] = [
    "PGDATA",
    "PGHOST",
    "PGHOSTADDR",
    "PGPORT",
    "PGDATABASE",
    "PGUSER",
    "PGPASSWORD",
    "PGPASSFILE",
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGOPTIONS",
    "PGAPPNAME",
    "PGSSLMODE",
    "PGSSLROOTCERT",
    "PGSSLCERT",
    "PGSSLKEY",
    "PGTZ",
    "PGDATESTYLE",
    "PGCLIENTENCODING",
    "PGSYSCONFDIR",
    "LANG",
    "LANGUAGE",
    "LC_CTYPE",
    "LC_COLLATE",
    "LC_MESSAGES",
];

/// As whom PostgreSQL's programs run: they refuse root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// As ourselves.
    Own,
    /// As an unprivileged user, who then owns the data directory: we are root.
    Nobody,
    /// As ourselves under another number: we are root, but may not become somebody else.
    Namespace {
        /// Our user, outside.
        uid: u32,
        /// Our group, outside.
        gid: u32,
    },
}

impl Identity {
    /// What this process has to do to run the programs in `dir`.
    pub(super) fn of_process(dir: &Path) -> Self {
        let uid = rustix::process::geteuid();
        if !uid.is_root() {
            Self::Own
        } else if may_become_nobody() && nobody_may_read(dir) {
            Self::Nobody
        } else {
            Self::Namespace {
                uid: uid.as_raw(),
                gid: rustix::process::getegid().as_raw(),
            }
        }
    }

    /// Who has to own the files, if it is not us.
    pub(super) fn owner(self) -> Option<(u32, u32)> {
        (self == Self::Nobody).then_some((NOBODY, NOBODY))
    }
}

/// A command for one of PostgreSQL's programs, deaf to the user's environment.
pub(super) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    for name in FOREIGN {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").env("TZ", "UTC").current_dir("/");
    command
}

/// Starts a child that ends with this process, however this process ends.
///
/// The kernel ties a child to the *thread* that made it, so all come from one that never ends.
pub(super) fn spawn(mut command: Command, identity: Identity) -> io::Result<Child> {
    type Request = (Command, mpsc::SyncSender<io::Result<Child>>);
    static PARENT: OnceLock<mpsc::Sender<Request>> = OnceLock::new();

    if let Some((uid, gid)) = identity.owner() {
        command.uid(uid).gid(gid);
    }
    // A Ctrl-C in the terminal is for us; we stop the server in our own time.
    command.process_group(0);
    before_exec(&mut command, identity);
    let parent = PARENT.get_or_init(|| {
        let (sender, requests) = mpsc::channel::<Request>();
        thread::spawn(move || {
            for (mut command, reply) in requests {
                // The one who asked may have gone; then the child's handle goes too.
                let _ = reply.send(command.spawn());
            }
        });
        sender
    });
    let (reply, answer) = mpsc::sync_channel(1);
    parent
        .send((command, reply))
        .map_err(|_| io::Error::other("the thread that starts servers has ended"))?;
    answer.recv().map_err(io::Error::other)?
}

/// Whether root is allowed to be somebody else here: containers may take that away.
#[cfg(target_os = "linux")]
fn may_become_nobody() -> bool {
    use rustix::thread::{CapabilitySet, capabilities};

    let needed = CapabilitySet::SETUID | CapabilitySet::SETGID | CapabilitySet::CHOWN;
    let allowed = capabilities(None).is_ok_and(|sets| sets.effective.contains(needed));
    // Each line says: first number inside, first number outside, how many.
    let mapped = |map: &str| {
        fs_err::read_to_string(map).is_ok_and(|text| {
            text.lines().any(|line| {
                let mut numbers = line
                    .split_whitespace()
                    .filter_map(|number| number.parse::<u64>().ok());
                match (numbers.next(), numbers.next(), numbers.next()) {
                    (Some(first), Some(_), Some(count)) => {
                        (first..first + count).contains(&u64::from(NOBODY))
                    }
                    _ => false,
                }
            })
        })
    };
    allowed && mapped("/proc/self/uid_map") && mapped("/proc/self/gid_map")
}

#[cfg(not(target_os = "linux"))]
fn may_become_nobody() -> bool {
    true
}

/// Whether an unprivileged user reaches `dir`: binaries below /root are out of reach.
fn nobody_may_read(dir: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = fs_err::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
    dir.ancestors().all(|dir| {
        fs_err::metadata(dir).is_ok_and(|metadata| metadata.permissions().mode() & 0o001 != 0)
    })
}

/// What the child does to itself: another number for root, and death together with its parent.
#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "a child can only change itself between fork and exec"
)]
fn before_exec(command: &mut Command, identity: Identity) {
    use rustix::{
        io::Errno,
        process::{Signal, getpid, getppid, set_parent_process_death_signal},
        thread::{UnshareFlags, unshare_unsafe},
    };

    let maps = match identity {
        Identity::Own | Identity::Nobody => None,
        Identity::Namespace { uid, gid } => {
            Some((format!("{NOBODY} {uid} 1"), format!("{NOBODY} {gid} 1")))
        }
    };
    let parent = getpid();
    // SAFETY: the closure only makes system calls: it neither allocates nor takes a lock that
    // another thread of the parent may have held. The child has one thread, so that leaving the
    // user namespace pulls the ground from under nobody.
    unsafe {
        command.pre_exec(move || {
            if let Some((uid_map, gid_map)) = &maps {
                unshare_unsafe(UnshareFlags::NEWUSER)?;
                write_to(c"/proc/self/setgroups", b"deny")?;
                write_to(c"/proc/self/uid_map", uid_map.as_bytes())?;
                write_to(c"/proc/self/gid_map", gid_map.as_bytes())?;
            }
            // After the change of user, which would clear it.
            set_parent_process_death_signal(Some(Signal::QUIT))?;
            // The parent may have died before the line above.
            if getppid() == Some(parent) {
                Ok(())
            } else {
                Err(Errno::SRCH.into())
            }
        });
    }
}

#[cfg(target_os = "linux")]
fn write_to(path: &std::ffi::CStr, text: &[u8]) -> io::Result<()> {
    use rustix::fs::{Mode, OFlags, open};

    let file = open(path, OFlags::WRONLY | OFlags::CLOEXEC, Mode::empty())?;
    rustix::io::write(&file, text)?;
    Ok(())
}

/// Other systems have neither; the next run's sweep stops what a killed one left.
#[cfg(not(target_os = "linux"))]
fn before_exec(_: &mut Command, _: Identity) {}
