//! A connection that fails at the worst moment: the server commits, and its answer gets lost.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use tempfile::TempDir;

/// How a client says it.
const COMMIT: &[u8] = b"COMMIT\0";

/// A way to the server that loses one answer, and the connection with it.
#[derive(Debug)]
pub struct LossyProxy {
    folder: TempDir,
    options: PgConnectOptions,
}

impl LossyProxy {
    /// Loses the answer to the COMMIT of this number, from 1.
    ///
    /// # Panics
    ///
    /// If the machine has no room for a socket.
    pub fn losing_commit(options: &PgConnectOptions, number: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the socket");
        let socket = folder
            .path()
            .join(format!(".s.PGSQL.{}", options.get_port()));
        let listener = UnixListener::bind(socket).expect("a socket of its own");
        let server = options.clone();
        let commits = Arc::new(AtomicUsize::new(0));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // A connection that cannot be made shows in the test as one that is closed.
                let _ = serve(client, &server, number, &commits);
            }
        });
        let options = options.clone();
        Self { folder, options }
    }

    /// How to connect through it.
    pub fn options(&self) -> PgConnectOptions {
        // The proxy has to be able to read what it passes on.
        let options = self.options.clone().socket(self.folder.path());
        options.ssl_mode(PgSslMode::Disable)
    }
}

fn serve(
    client: UnixStream,
    server: &PgConnectOptions,
    number: usize,
    commits: &Arc<AtomicUsize>,
) -> io::Result<()> {
    let (mut from_server, mut to_server) = connect(server)?;
    let (mut from_client, mut to_client) = (client.try_clone()?, client);
    let losing = Arc::new(AtomicBool::new(false));
    let (loses, commits) = (Arc::clone(&losing), Arc::clone(commits));
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(read @ 1..) = from_client.read(&mut buffer) {
            let commit = buffer[..read]
                .windows(COMMIT.len())
                .any(|window| window == COMMIT);
            if commit && commits.fetch_add(1, Ordering::SeqCst) + 1 == number {
                loses.store(true, Ordering::SeqCst);
            }
            if to_server.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
    });
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(read @ 1..) = from_server.read(&mut buffer) {
            if losing.load(Ordering::SeqCst) || to_client.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = to_client.shutdown(Shutdown::Both);
    });
    Ok(())
}

type Halves = (Box<dyn Read + Send>, Box<dyn Write + Send>);

fn connect(server: &PgConnectOptions) -> io::Result<Halves> {
    let port = server.get_port();
    if let Some(folder) = server.get_socket() {
        let stream = UnixStream::connect(folder.join(format!(".s.PGSQL.{port}")))?;
        return Ok((Box::new(stream.try_clone()?), Box::new(stream)));
    }
    let stream = TcpStream::connect((server.get_host(), port))?;
    stream.set_nodelay(true)?;
    Ok((Box::new(stream.try_clone()?), Box::new(stream)))
}
