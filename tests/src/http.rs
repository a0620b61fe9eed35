//! A web server on the loopback address that answers as a test says.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its method.
    pub method: String,
    /// Its path, with what follows `?`.
    pub path: String,
    /// Its header lines, in lower case up to the colon.
    pub headers: Vec<String>,
    /// Its body.
    pub body: String,
}

/// An answer: status, header lines, body.
pub type Answer = (u16, Vec<String>, String);

/// The server; it listens until the process ends.
#[derive(Clone, Debug)]
pub struct TestServer {
    url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl TestServer {
    /// A server that answers with what a function gives, for the request and how many came before.
    ///
    /// # Panics
    ///
    /// If the machine has no port left.
    pub fn start(answer: impl Fn(&Request, usize) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let address = listener.local_addr().expect("is bound");
        let requests: Arc<Mutex<Vec<Request>>> = Arc::default();
        let log = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away shows in the test.
                let _ = serve(&stream, &answer, &log);
            }
        });
        Self {
            url: format!("http://{address}"),
            requests,
        }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The requests so far.
    ///
    /// # Panics
    ///
    /// If the function that answers has panicked.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no answer panics").clone()
    }
}

fn serve(
    stream: &TcpStream,
    answer: &impl Fn(&Request, usize) -> Answer,
    log: &Mutex<Vec<Request>>,
) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next(), words.next());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push(format!("{}:{value}", name.to_ascii_lowercase()));
    }
    let length = headers
        .iter()
        .find_map(|header| header.strip_prefix("content-length:"));
    let length = length.and_then(|it| it.trim().parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let request = Request {
        method: method.unwrap_or_default(),
        path: path.unwrap_or_default(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let before = {
        let mut log = log.lock().expect("no answer panics");
        log.push(request.clone());
        log.len() - 1
    };
    let (status, headers, body) = answer(&request, before);
    let mut stream = stream;
    write!(stream, "HTTP/1.1 {status} Status\r\nconnection: close\r\n")?;
    for header in headers {
        write!(stream, "{header}\r\n")?;
    }
    write!(stream, "content-length: {}\r\n\r\n{body}", body.len())
}
