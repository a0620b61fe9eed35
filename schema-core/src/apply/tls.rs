//! Connections as PostgreSQL's own clients open them, where sqlx does less.
//!
//! `allow` is without TLS in sqlx, and `prefer` takes a refusal under TLS for the last word. Both
//! are tried the other way round too.

use std::io;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{Connection as _, Error, PgConnection};

/// What servers say to a connection that should have been with TLS, or without:
/// `invalid_authorization_specification` (no line of `pg_hba.conf` lets it in), and
/// `protocol_violation` (PgBouncer).
const OTHER_WAY_ROUND: [&str; 2] = ["28000", "08P01"];

/// Opens a connection in the TLS mode that the options name, as libpq has it.
///
/// No parameter is sent that poolers do not know and the caller did not ask for.
pub async fn connect(target: &PgConnectOptions) -> Result<PgConnection, Error> {
    let mut target = target.clone().extra_float_digits(None);
    if target.get_socket().is_some() || target.get_host().starts_with('/') {
        // There is no TLS on a socket of this machine, whatever the mode.
        target = target.ssl_mode(PgSslMode::Disable);
    }
    let first = PgConnection::connect_with(&target).await;
    let (Some(other), Err(error)) = (other_mode(target.get_ssl_mode()), &first) else {
        return first;
    };
    if !is_worth_another(error) {
        return first;
    }
    // The first answer says more than that the other way is closed as well.
    let second = PgConnection::connect_with(&target.ssl_mode(other)).await;
    second.or(first)
}

/// What is tried when the server does not take the first.
fn other_mode(mode: PgSslMode) -> Option<PgSslMode> {
    match mode {
        PgSslMode::Allow => Some(PgSslMode::Require),
        PgSslMode::Prefer => Some(PgSslMode::Disable),
        PgSslMode::Disable | PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull => {
            None
        }
    }
}

fn is_worth_another(error: &Error) -> bool {
    match error {
        Error::Database(error) => error
            .code()
            .is_some_and(|code| OTHER_WAY_ROUND.contains(&&*code)),
        Error::Tls(_) => true,
        // A handshake that fails.
        Error::Io(error) => error.kind() == io::ErrorKind::InvalidData,
        _ => false,
    }
}

/// What to do about a connection that failed for TLS, by what sqlx and rustls say.
pub(super) fn help(message: &str) -> Option<&'static str> {
    let helps = [
        (
            "server does not support TLS",
            "the server has `ssl = off`: turn it on there, or give a weaker `sslmode` (`prefer`, `disable`) if the network is trusted",
        ),
        (
            "UnknownIssuer",
            "its authority is not trusted: name the authority's certificate with `sslrootcert=FILE` in the URL or PGSSLROOTCERT",
        ),
        (
            "not valid for name",
            "connect by a name that the certificate has, or check the authority only: `sslmode=verify-ca`",
        ),
        (
            "certificate expired",
            "renew the server's certificate (and look at this machine's clock)",
        ),
        (
            "certificate not valid yet",
            "look at this machine's clock, and at the dates of the server's certificate",
        ),
        (
            "no root trust anchors",
            "the file of `sslrootcert` has no certificate in it, and the system has none either",
        ),
        (
            "user auth key and certs must be given together",
            "give both `sslcert` and `sslkey`",
        ),
        (
            "CertificateRequired",
            "the server wants a certificate of yours: `sslcert=FILE` and `sslkey=FILE`",
        ),
        (
            "connection requires a valid client certificate",
            "the server wants a certificate of yours: `sslcert=FILE` and `sslkey=FILE`",
        ),
        (
            "no encryption",
            "the server lets only connections with TLS in: `sslmode=require`, or better `verify-full`",
        ),
    ];
    let found = helps.iter().find(|(part, _)| message.contains(part));
    found.map(|(_, help)| *help)
}
