//! Tests: databases that the real tools of others have migrated, where these are at hand.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use integration_tests::postgres::TestDatabase;
use integration_tests::repository::{Ran, TestRepository};
use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;

use super::baseline::{LATER, NOTES, REFINERY_CHECKSUMS, ROWS, SQLX, USERS, migrate};
use super::text;

#[tokio::test]
async fn the_real_sqlx_is_taken_over_from() {
    let Some(sqlx) = peer("sqlx", "SQLX_CLI") else {
        return;
    };
    let database = TestDatabase::new().await;
    let repository = TestRepository::folder();
    for (name, sql) in [USERS, NOTES, ROWS] {
        repository.migration(name, sql);
    }
    let forward = Forward::to(&database.options());
    let url = forward.url(&database.options());
    let mut command = repository.command(sqlx);
    command.args([
        "migrate",
        "run",
        "--source",
        "migrations",
        "--database-url",
        &url,
    ]);
    Ran::of(&mut command).ends(0, &[]);
    repository.migrate(&["hash"]).ends(0, &[]);
    migrate(&repository, &database, &SQLX).ends(0, &["3 by checksum", "Adopted at 20240103000000"]);
    repository.migration(LATER.0, LATER.1);
    repository.hash();
    migrate(&repository, &database, &["apply"]).ends(0, &["1 migration"]);
    migrate(&repository, &database, &["drift"]).ends(0, &["No drift"]);
}

#[tokio::test]
async fn the_real_refinery_is_taken_over_from() {
    let Some(refinery) = peer("refinery", "REFINERY_CLI") else {
        return;
    };
    let database = TestDatabase::new().await;
    let repository = TestRepository::folder();
    repository.write("refinery/V1__users.sql", USERS.1);
    repository.write("refinery/V2__more_notes.sql", NOTES.1);
    let forward = Forward::to(&database.options());
    let mut command = repository.command(refinery);
    command
        .args(["migrate", "-e", "REFINERY_URL", "-p", "refinery"])
        .env("REFINERY_URL", forward.url(&database.options()));
    Ran::of(&mut command).ends(0, &[]);
    let checksums =
        "SELECT string_agg(checksum, ' ' ORDER BY version) FROM refinery_schema_history";
    assert_eq!(
        text(&database, checksums).await,
        REFINERY_CHECKSUMS.join(" ")
    );
    repository.migration("0001_users.sql", USERS.1);
    repository.migration("0002_more_notes.sql", NOTES.1);
    repository.hash();
    migrate(&repository, &database, &["baseline", "--from", "refinery"])
        .ends(0, &["2 by checksum", "Adopted at 0002"]);
    migrate(&repository, &database, &["drift"]).ends(0, &["No drift"]);
}

/// A tool of others, where it is at hand.
fn peer(name: &str, variable: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = named
        .into_iter()
        .chain(std::env::split_paths(&path).map(|folder| folder.join(name)))
        .find(|program| {
            let mut command = Command::new(program);
            command
                .arg("--version")
                .output()
                .is_ok_and(|output| output.status.success())
        });
    if found.is_none() {
        println!("skipped: no {name}: install it, or set {variable}");
    }
    found
}

/// A TCP port before the test server, for tools that know no sockets.
struct Forward(u16);

impl Forward {
    fn to(server: &PgConnectOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = server.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // A connection that cannot be made shows in the test as one that is closed.
                let _ = Self::pass(client, &server);
            }
        });
        Self(port)
    }

    fn pass(client: TcpStream, server: &PgConnectOptions) -> io::Result<()> {
        let port = server.get_port();
        if let Some(folder) = server.get_socket() {
            let stream = UnixStream::connect(folder.join(format!(".s.PGSQL.{port}")))?;
            copy_both(client.try_clone()?, client, stream.try_clone()?, stream);
        } else {
            let stream = TcpStream::connect((server.get_host(), port))?;
            copy_both(client.try_clone()?, client, stream.try_clone()?, stream);
        }
        Ok(())
    }

    fn url(&self, server: &PgConnectOptions) -> String {
        let mut url = server.to_url_lossy();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(self.0)).unwrap();
        url.set_query(None);
        url.to_string()
    }
}

fn copy_both<C, S>(mut from_client: C, mut to_client: C, mut from_server: S, mut to_server: S)
where
    C: io::Read + io::Write + Send + 'static,
    S: io::Read + io::Write + Send + 'static,
{
    thread::spawn(move || io::copy(&mut from_client, &mut to_server));
    thread::spawn(move || io::copy(&mut from_server, &mut to_client));
}
