//! A way to the server on which something goes wrong: at a chosen moment, in a chosen manner.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use tempfile::TempDir;

use crate::wire;

/// After these nothing is different but the session.
const SETTINGS: [&str; 3] = ["SET", "RESET", "BEGIN"];

/// What goes wrong, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// When.
    pub at: Moment,
    /// What.
    pub harm: Harm,
}

/// A moment of a run, counted over all of its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The beat of this number, from 1. A request has three: before any of it is passed on, when
    /// half of it is, and when all of it is and the server works on it. Each statement that the
    /// server tells to be complete has one more, before that is passed on, unless it only set
    /// something.
    Beat(usize),
    /// When the server tells for this many times that such a statement is complete.
    Completion(&'static str, usize),
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// The connection breaks; another one can be made.
    Cut,
    /// All connections break, and no other one can be made.
    Down,
    /// SIGKILL for the client, which [`Proxy::run`] started.
    Kill,
    /// The server ends the session.
    Terminate,
}

/// What a client asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The first of its beats.
    pub beat: usize,
    /// Its text, as far as it is text.
    pub text: String,
}

/// A way to the server, and what is to go wrong on it.
#[derive(Debug)]
pub struct Proxy {
    folder: TempDir,
    line: Arc<Line>,
}

impl Proxy {
    /// A way on which nothing goes wrong yet.
    ///
    /// # Panics
    ///
    /// If the machine has no room for a socket.
    pub fn new(server: &PgConnectOptions) -> Self {
        Self::open(server, None)
    }

    /// A way on which the server says that it is of another version.
    pub fn with_version(server: &PgConnectOptions, version: &str) -> Self {
        Self::open(server, Some(version.to_owned()))
    }

    /// A way on which the answer to the COMMIT of this number gets lost, from 1.
    pub fn losing_commit(server: &PgConnectOptions, number: usize) -> Self {
        let proxy = Self::new(server);
        proxy.disturb(Some(Fault {
            at: Moment::Completion("COMMIT", number),
            harm: Harm::Cut,
        }));
        proxy
    }

    fn open(server: &PgConnectOptions, version: Option<String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the socket");
        let socket = folder
            .path()
            .join(format!(".s.PGSQL.{}", server.get_port()));
        let listener = UnixListener::bind(socket).expect("a socket of its own");
        let line = Arc::new(Line {
            server: server.clone(),
            version,
            state: Mutex::default(),
            started: Condvar::new(),
        });
        let shared = Arc::clone(&line);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // A connection that cannot be made shows in the test as one that is closed.
                let _ = shared.serve(client);
            }
        });
        Self { folder, line }
    }

    /// How to connect through it.
    pub fn options(&self) -> PgConnectOptions {
        // The proxy has to be able to read what it passes on.
        let options = self.line.server.clone().socket(self.folder.path());
        options.ssl_mode(PgSslMode::Disable)
    }

    /// The same as a URL.
    pub fn url(&self) -> String {
        self.options().to_url_lossy().to_string()
    }

    /// Begins to count anew: what goes wrong from here on. Connections of before do not count.
    pub fn disturb(&self, fault: Option<Fault>) {
        let mut state = self.line.state();
        *state = State {
            fault,
            run: state.run + 1,
            ..State::default()
        };
    }

    /// Whether it went wrong.
    pub fn has_struck(&self) -> bool {
        self.line.state().struck
    }

    /// What was asked for.
    pub fn requests(&self) -> Vec<Request> {
        self.line.state().requests.clone()
    }

    /// Runs a client, which [`Harm::Kill`] is for; with what it wrote to its standard error.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    pub fn run(&self, command: &mut Command) -> (ExitStatus, String) {
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stderr = child.stderr.take().expect("it is a pipe");
        self.line.state().client = Some(child);
        self.line.started.notify_all();
        // The end of the pipe is that of the client, killed or not.
        let mut said = String::new();
        let _ = stderr.read_to_string(&mut said);
        let mut client = self.line.state().client.take().expect("nobody takes it");
        (client.wait().expect("it is our child"), said)
    }
}

#[derive(Debug)]
struct Line {
    server: PgConnectOptions,
    version: Option<String>,
    state: Mutex<State>,
    started: Condvar,
}

#[derive(Debug, Default)]
struct State {
    fault: Option<Fault>,
    run: usize,
    beats: usize,
    completions: BTreeMap<String, usize>,
    requests: Vec<Request>,
    struck: bool,
    down: bool,
    open: Vec<Arc<Connection>>,
    client: Option<Child>,
}

impl State {
    /// What goes wrong now, if anything.
    fn strike(&mut self, at: impl Fn(Moment) -> bool) -> Option<Harm> {
        let fault = self.fault.filter(|fault| !self.struck && at(fault.at))?;
        self.struck = true;
        Some(fault.harm)
    }
}

/// Both ends of a connection.
#[derive(Debug)]
struct Connection {
    run: usize,
    client: UnixStream,
    server: Server,
    process: Mutex<Option<i32>>,
}

impl Connection {
    fn hang_up(&self) {
        // Either end may have done so before.
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = match &self.server {
            Server::Unix(stream) => stream.shutdown(Shutdown::Both),
            Server::Tcp(stream) => stream.shutdown(Shutdown::Both),
        };
    }
}

impl Line {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(self: &Arc<Self>, client: UnixStream) -> io::Result<()> {
        let connection = {
            let mut state = self.state();
            if state.down {
                return client.shutdown(Shutdown::Both);
            }
            let connection = Arc::new(Connection {
                run: state.run,
                client,
                server: Server::connect(&self.server)?,
                process: Mutex::default(),
            });
            state.open.push(Arc::clone(&connection));
            connection
        };
        let (line, other) = (Arc::clone(self), Arc::clone(&connection));
        thread::spawn(move || {
            let _ = line.pass_requests(&other);
            other.hang_up();
        });
        let line = Arc::clone(self);
        thread::spawn(move || {
            let _ = line.pass_answers(&connection);
            connection.hang_up();
        });
        Ok(())
    }

    fn pass_requests(&self, connection: &Connection) -> io::Result<()> {
        let mut messages = wire::Messages::new(&connection.client, wire::Side::Client);
        let mut request = Vec::new();
        while let Some(message) = messages.next()? {
            request.extend_from_slice(&message.bytes);
            if message.waits() {
                continue;
            }
            let request = std::mem::take(&mut request);
            if !message.is_request() {
                (&connection.server).write_all(&request)?;
                continue;
            }
            let strike = {
                let mut state = self.state();
                if state.run == connection.run {
                    let first = state.beats + 1;
                    state.beats += 3;
                    state.requests.push(Request {
                        beat: first,
                        text: String::from_utf8_lossy(&request).into_owned(),
                    });
                    let mut parts = [0, request.len() / 2, request.len()]
                        .into_iter()
                        .zip(first..);
                    parts.find_map(|(passed, beat)| {
                        let harm = state.strike(|at| at == Moment::Beat(beat))?;
                        Some((passed, harm))
                    })
                } else {
                    None
                }
            };
            let Some((passed, harm)) = strike else {
                (&connection.server).write_all(&request)?;
                continue;
            };
            (&connection.server).write_all(&request[..passed])?;
            if !self.survives(harm, connection) {
                break;
            }
            (&connection.server).write_all(&request[passed..])?;
        }
        Ok(())
    }

    fn pass_answers(&self, connection: &Connection) -> io::Result<()> {
        let mut messages = wire::Messages::new(&connection.server, wire::Side::Server);
        while let Some(message) = messages.next()? {
            if let Some(process) = message.process() {
                *connection
                    .process
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner) = Some(process);
            }
            if let Some(tag) = message.completed()
                && let Some(harm) = self.completed(connection, &tag)
                && !self.survives(harm, connection)
            {
                break;
            }
            let message = match &self.version {
                Some(version) => message.with_parameter("server_version", version),
                None => message,
            };
            (&connection.client).write_all(&message.bytes)?;
        }
        Ok(())
    }

    fn completed(&self, connection: &Connection, tag: &str) -> Option<Harm> {
        let mut state = self.state();
        if state.run != connection.run {
            return None;
        }
        if !SETTINGS.contains(&tag) {
            state.beats += 1;
        }
        let beat = state.beats;
        let count = state.completions.entry(tag.to_owned()).or_default();
        *count += 1;
        let count = *count;
        state.strike(|at| match at {
            Moment::Beat(at) => at == beat && !SETTINGS.contains(&tag),
            Moment::Completion(name, number) => name == tag && number == count,
        })
    }

    /// Does the harm. Returns whether the connection goes on, as far as the proxy is concerned.
    fn survives(&self, harm: Harm, connection: &Connection) -> bool {
        match harm {
            Harm::Cut => connection.hang_up(),
            Harm::Down => {
                let open = {
                    let mut state = self.state();
                    state.down = true;
                    std::mem::take(&mut state.open)
                };
                for connection in open {
                    connection.hang_up();
                }
            }
            Harm::Kill => {
                let state = self.state();
                let started = self
                    .started
                    .wait_while(state, |state| state.client.is_none());
                let mut state = started.unwrap_or_else(PoisonError::into_inner);
                let client = state.client.as_mut().expect("was waited for");
                client.kill().expect("it is our child");
                client.wait().expect("it is our child");
            }
            Harm::Terminate => {
                let process = *connection
                    .process
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                terminate(&self.server, process.expect("the server has told"));
                return true;
            }
        }
        false
    }
}

/// Ends a session, in the way of an administrator.
fn terminate(server: &PgConnectOptions, process: i32) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let mut connection = PgConnection::connect_with(server)
            .await
            .expect("the server answers");
        sqlx::query("SELECT pg_catalog.pg_terminate_backend($1)")
            .bind(process)
            .execute(&mut connection)
            .await
            .expect("the server answers");
        let _ = connection.close().await;
    });
}

#[derive(Debug)]
enum Server {
    Unix(UnixStream),
    Tcp(TcpStream),
}

impl Server {
    fn connect(server: &PgConnectOptions) -> io::Result<Self> {
        let port = server.get_port();
        if let Some(folder) = server.get_socket() {
            let path = folder.join(format!(".s.PGSQL.{port}"));
            return UnixStream::connect(path).map(Self::Unix);
        }
        let stream = TcpStream::connect((server.get_host(), port))?;
        stream.set_nodelay(true)?;
        Ok(Self::Tcp(stream))
    }
}

impl Read for &Server {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Server::Unix(stream) => (&mut &*stream).read(buffer),
            Server::Tcp(stream) => (&mut &*stream).read(buffer),
        }
    }
}

impl Write for &Server {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Server::Unix(stream) => (&mut &*stream).write(bytes),
            Server::Tcp(stream) => (&mut &*stream).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
