//! Messages of PostgreSQL's protocol, as far as a proxy has to tell them apart.

use std::io::{self, Read};

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The client, whose first message has no kind.
    Client,
    /// The server.
    Server,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    side: Side,
    kind: Option<u8>,
    /// All of it, with its kind and length.
    pub(crate) bytes: Vec<u8>,
}

impl Message {
    /// Whether more comes before the server has to do anything: the parts of a prepared statement.
    pub(crate) fn waits(&self) -> bool {
        matches!(self.kind, Some(b'P' | b'B' | b'D' | b'E' | b'C'))
    }

    /// Whether the server has to do something: a simple query, or the end of a prepared one.
    pub(crate) fn is_request(&self) -> bool {
        matches!(self.kind, Some(b'Q' | b'S'))
    }

    /// The tag of a statement that the server has done, without its counts.
    pub(crate) fn completed(&self) -> Option<String> {
        let tag = self.body(b'C')?;
        let words = tag.split(|byte| !byte.is_ascii_uppercase() && *byte != b' ');
        let tag = String::from_utf8_lossy(words.into_iter().next()?);
        Some(tag.trim_end().to_owned())
    }

    /// The process of the session.
    pub(crate) fn process(&self) -> Option<i32> {
        let body = self.body(b'K')?;
        Some(i32::from_be_bytes(body.get(..4)?.try_into().ok()?))
    }

    /// The message with another value, if it tells this parameter.
    pub(crate) fn with_parameter(self, name: &str, value: &str) -> Self {
        let start = [name.as_bytes(), b"\0"].concat();
        if !self.body(b'S').is_some_and(|body| body.starts_with(&start)) {
            return self;
        }
        let body = [start.as_slice(), value.as_bytes(), b"\0"].concat();
        let length = u32::try_from(body.len() + 4).expect("is short");
        let bytes = [b"S".as_slice(), &length.to_be_bytes(), &body].concat();
        Self { bytes, ..self }
    }

    fn body(&self, kind: u8) -> Option<&[u8]> {
        let is_it = self.side == Side::Server && self.kind == Some(kind);
        is_it.then(|| &self.bytes[5..])
    }
}

/// The messages of one side, as they come.
#[derive(Debug)]
pub(crate) struct Messages<R> {
    from: R,
    side: Side,
    /// Whether a client has said who it is.
    begun: bool,
    buffer: Vec<u8>,
}

impl<R: Read> Messages<R> {
    pub(crate) fn new(from: R, side: Side) -> Self {
        Self {
            from,
            side,
            begun: side == Side::Server,
            buffer: Vec::new(),
        }
    }

    /// The next one; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Message>> {
        let header = usize::from(self.begun);
        loop {
            if let Some(length) = self.buffer.get(header..header + 4) {
                let length = u32::from_be_bytes(length.try_into().expect("four bytes"));
                let end = header + usize::try_from(length).expect("fits into memory");
                if self.buffer.len() >= end {
                    let bytes: Vec<u8> = self.buffer.drain(..end).collect();
                    let kind = self.begun.then(|| bytes[0]);
                    self.begun = true;
                    let side = self.side;
                    return Ok(Some(Message { side, kind, bytes }));
                }
            }
            let mut more = [0; 8192];
            match self.from.read(&mut more)? {
                0 => return Ok(None),
                read => self.buffer.extend_from_slice(&more[..read]),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap();
        [&[kind], length.to_be_bytes().as_slice(), body].concat()
    }

    #[test]
    fn messages_are_told_apart() {
        let startup = [8_u32.to_be_bytes(), 196_608_u32.to_be_bytes()].concat();
        let client = [
            startup,
            message(b'Q', b"SELECT 1\0"),
            message(b'P', b"\0\0"),
        ]
        .concat();
        let mut messages = Messages::new(client.as_slice(), Side::Client);
        let first = messages.next().unwrap().unwrap();
        assert!(!first.waits() && !first.is_request());
        assert!(messages.next().unwrap().unwrap().is_request());
        assert!(messages.next().unwrap().unwrap().waits());
        assert_eq!(messages.next().unwrap(), None);
    }

    #[test]
    fn what_the_server_tells_is_read() {
        let server = [
            message(b'K', &[0, 0, 1, 2, 9, 9, 9, 9]),
            message(b'S', b"server_version\x0015.1\0"),
            message(b'C', b"INSERT 0 12\0"),
            message(b'C', b"CREATE TABLE\0"),
        ]
        .concat();
        let mut messages = Messages::new(server.as_slice(), Side::Server);
        let mut next = || messages.next().unwrap().unwrap();
        assert_eq!(next().process(), Some(258));
        let version = next();
        assert_eq!(version.clone().with_parameter("TimeZone", "UTC"), version);
        assert_eq!(
            version.with_parameter("server_version", "9.6").bytes,
            message(b'S', b"server_version\x009.6\0")
        );
        assert_eq!(next().completed().as_deref(), Some("INSERT"));
        assert_eq!(next().completed().as_deref(), Some("CREATE TABLE"));
    }
}
