//! What a process leaves behind when it ends, however it ends, is swept by a child of its own.
//!
//! The server of all tests is in a static, which is never dropped. The server itself ends with the
//! process; its directory is in memory, and would stay until the next run.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use std::os::unix::process::CommandExt as _;

use crate::dev_db::Scratch;

/// Waits for the end of its input, which is that of the process that holds the other end. Then
/// stops the server where the system did not, which still has its number in the directory, and
/// removes the directory, in which a file may appear as long as the server is on its way out.
const SWEEP: &str = r#"
    while read -r _; do :; done
    if [ "$(uname)" != Linux ]; then
        kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")" 2>/dev/null
    fi
    tries=0
    while [ -e "$1" ] && [ "$tries" -lt 50 ]; do
        rm -rf -- "$1" 2>/dev/null
        [ ! -e "$1" ] || sleep 0.1
        tries=$((tries + 1))
    done
"#;

/// The child, and the end of the pipe that tells it when to begin.
#[derive(Debug)]
pub(super) struct Broom {
    _child: Child,
}

impl Broom {
    /// One that sweeps the directory of the server of a scratch database. `None` where it cannot be
    /// started: then the next run sweeps.
    pub(super) fn behind(scratch: &Scratch) -> Option<Self> {
        let options = scratch.options();
        let directory: &Path = options.get_socket()?.as_ref();
        let child = Command::new("/bin/sh")
            .args(["-c", SWEEP, "sweep"])
            .arg(directory)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A Ctrl-C in the terminal ends the tests, and then there is something to sweep.
            .process_group(0)
            .spawn();
        Some(Self {
            _child: child.ok()?,
        })
    }
}
