//! Tests: TLS and passwords, on a real server, side by side with PostgreSQL's own client.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use integration_tests::repository::TestRepository;
use integration_tests::server::TestServer;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd,
};
use schema_core::dev_db::default_binary_dirs;

const NOTES: (&str, &str) = (
    "20260101000000_notes.sql",
    "CREATE TABLE notes (id bigint PRIMARY KEY);\n",
);

/// Who may come in how.
const ACCESS: &str = "\
local   all postgres      trust
hostssl all only_tls      all trust
hostnossl all only_plain  all trust
hostssl all with_cert     all cert
host    all with_password all scram-sha-256
host    all postgres      all trust
";

const ROLES: &[&str] = &[
    "CREATE ROLE only_tls LOGIN",
    "CREATE ROLE only_plain LOGIN",
    "CREATE ROLE with_cert LOGIN",
    "CREATE ROLE with_password LOGIN PASSWORD 'ge:heim'",
];

/// An authority, and what it has signed.
struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("signs itself");
        Self {
            certificate,
            issuer: Issuer::new(params, key),
        }
    }

    /// A certificate and its key, for a name of a host or of a role.
    fn signs(&self, name: &str, is_expired: bool) -> (String, String) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        params.distinguished_name.push(DnType::CommonName, name);
        if is_expired {
            params.not_after = date_time_ymd(2020, 1, 1);
        }
        let key = KeyPair::generate().expect("a key");
        let signed = params.signed_by(&key, &self.issuer).expect("it signs");
        (signed.pem(), key.serialize_pem())
    }
}

/// A project and a server, whose files are in the project.
struct Stage {
    repository: TestRepository,
    server: TestServer,
    authority: Authority,
}

impl Stage {
    /// A server with a certificate for this name, or one without TLS.
    async fn new(name: Option<&str>) -> Option<Self> {
        let mut repository = TestRepository::with_migrations(&[NOTES]);
        // libpq takes an empty PGSSLMODE for a wrong one.
        for variable in ["DATABASE_URL_MIGRATION", "DATABASE_URL"] {
            repository.set(variable, "");
        }
        repository.write("home/empty", "");
        let home = repository.root().join("home");
        repository.set("HOME", home.as_str());
        let others = std::fs::Permissions::from_mode(0o755);
        fs_err::set_permissions(repository.root(), others).expect("ours");
        let authority = Authority::new("good");
        repository.write("ca.pem", authority.certificate.pem());
        repository.write("other.pem", Authority::new("other").certificate.pem());
        repository.write("hba.conf", ACCESS);
        let place = |name: &str, file: &str| format!("{name}={}", repository.root().join(file));
        let mut settings = vec![place("hba_file", "hba.conf")];
        if let Some(name) = name {
            certify(&repository, &authority.signs(name, false));
            settings.extend([
                "ssl=on".to_owned(),
                place("ssl_cert_file", "server.pem"),
                place("ssl_key_file", "server.key"),
                place("ssl_ca_file", "ca.pem"),
            ]);
        }
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let server = TestServer::start(&settings).await?;
        server.execute(ROLES).await;
        Some(Self {
            repository,
            server,
            authority,
        })
    }

    /// Gives the server another certificate.
    async fn recertify(&mut self, name: &str, is_expired: bool) {
        certify(&self.repository, &self.authority.signs(name, is_expired));
        self.server.stop();
        self.server.run().await;
    }

    fn url(&self, role: &str, host: &str, parameters: &str) -> String {
        let port = self.server.network().get_port();
        format!("postgres://{role}@{host}:{port}/postgres?{parameters}")
    }

    /// Connects, as libpq does: for `None` it works, else it does not and this is told.
    fn check(&self, role: &str, host: &str, parameters: &str, told: Option<&str>) {
        let url = self.url(role, host, parameters);
        if let Some(psql) = psql() {
            let output = self
                .repository
                .command(psql)
                .args(["-X", "-w", "-c", "SELECT 1", "-d", &url])
                .output()
                .expect("psql runs");
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(
                output.status.success(),
                told.is_none(),
                "psql {url}: {said}"
            );
        }
        self.ours(role, host, parameters, told);
    }

    /// The same where libpq does something else.
    fn ours(&self, role: &str, host: &str, parameters: &str, told: Option<&str>) {
        let url = self.url(role, host, parameters);
        let ran = self.repository.migrate(&["status", "--url", &url]);
        println!("{url}\n{}", ran.err);
        match told {
            None => ran.ends(0, &[]),
            Some(told) => ran.ends(5, &[told, "from --url"]),
        };
    }
}

/// Puts a certificate and its key where the server looks for them.
fn certify(repository: &TestRepository, (certificate, key): &(String, String)) {
    repository.write("server.pem", certificate);
    let path = repository.root().join("server.key");
    let _ = fs_err::remove_file(&path);
    repository.write("server.key", key);
    private(&path);
    if rustix::process::geteuid().is_root() {
        chown(&path, Some(65534), Some(65534)).expect("root gives it away");
    }
}

fn private(path: impl AsRef<Path>) {
    let mine = std::fs::Permissions::from_mode(0o600);
    fs_err::set_permissions(path.as_ref(), mine).expect("ours");
}

fn psql() -> Option<PathBuf> {
    let path = std::env::var_os("PATH");
    let dirs = default_binary_dirs(path.as_deref()).into_iter();
    let mut programs = dirs.map(|dir| dir.join("psql"));
    let found = programs.find(|program| program.is_file());
    found.filter(|program| Command::new(program).arg("--version").output().is_ok())
}

#[tokio::test]
async fn tls_is_as_libpq_has_it() {
    let Some(mut stage) = Stage::new(Some("localhost")).await else {
        return;
    };
    // Who gets in shows whether there was TLS.
    for mode in ["allow", "prefer", "require"] {
        stage.check("only_tls", "localhost", &format!("sslmode={mode}"), None);
    }
    stage.check(
        "only_tls",
        "localhost",
        "sslmode=disable",
        Some("`sslmode=require`"),
    );
    for mode in ["disable", "allow", "prefer"] {
        stage.check("only_plain", "localhost", &format!("sslmode={mode}"), None);
    }
    stage.check(
        "only_plain",
        "localhost",
        "sslmode=require",
        Some("no pg_hba.conf entry"),
    );

    let untrusted = Some("its authority is not trusted");
    let (ca, other) = ("sslrootcert=ca.pem", "sslrootcert=other.pem");
    for mode in ["require", "verify-ca", "verify-full"] {
        stage.check(
            "only_tls",
            "localhost",
            &format!("sslmode={mode}&{ca}"),
            None,
        );
        stage.check(
            "only_tls",
            "localhost",
            &format!("sslmode={mode}&{other}"),
            untrusted,
        );
    }
    stage.check(
        "only_tls",
        "127.0.0.1",
        &format!("sslmode=verify-ca&{ca}"),
        None,
    );
    let name = Some("connect by a name that the certificate has");
    stage.check(
        "only_tls",
        "127.0.0.1",
        &format!("sslmode=verify-full&{ca}"),
        name,
    );
    stage.ours("only_tls", "localhost", "sslmode=verify-full", untrusted);
    stage.ours("only_tls", "localhost", "sslrootcert=system", untrusted);

    // From the environment, which the URL wins over.
    stage.repository.set("PGSSLMODE", "verify-full");
    stage.repository.set("PGSSLROOTCERT", "other.pem");
    stage.check("only_tls", "localhost", "", untrusted);
    stage.check("only_tls", "localhost", ca, None);
    stage.check("only_plain", "localhost", "sslmode=disable", None);
    stage.repository.set("PGSSLMODE", "require");
    stage.repository.set("PGSSLROOTCERT", "");
    // From where libpq has it by custom.
    let usual = "home/.postgresql/root.crt";
    stage
        .repository
        .write(usual, stage.repository.read("other.pem"));
    stage.check("only_tls", "localhost", "", untrusted);
    stage
        .repository
        .write(usual, stage.repository.read("ca.pem"));
    stage.check("only_tls", "localhost", "sslmode=verify-full", None);

    // An address as the name, and a certificate that is too old.
    stage.recertify("127.0.0.1", false).await;
    let full = format!("sslmode=verify-full&{ca}");
    stage.check("only_tls", "127.0.0.1", &full, None);
    stage.check("only_tls", "localhost", &full, name);
    stage.recertify("localhost", true).await;
    let expired = Some("renew the server's certificate");
    stage.check("only_tls", "localhost", &full, expired);
    stage.check(
        "only_tls",
        "localhost",
        &format!("sslmode=verify-ca&{ca}"),
        expired,
    );
}

#[tokio::test]
async fn a_client_has_a_certificate_of_its_own() {
    let Some(stage) = Stage::new(Some("localhost")).await else {
        return;
    };
    let write = |place: &str, name: &str, authority: &Authority| {
        let (certificate, key) = authority.signs(name, false);
        stage.repository.write(&format!("{place}.crt"), certificate);
        stage.repository.write(&format!("{place}.key"), key);
        private(stage.repository.root().join(format!("{place}.key")));
    };
    write("mine", "with_cert", &stage.authority);
    write("hers", "only_tls", &stage.authority);
    write("foreign", "with_cert", &Authority::new("foreign"));
    let of = |place: &str| format!("sslmode=require&sslcert={place}.crt&sslkey={place}.key");
    stage.check("with_cert", "localhost", &of("mine"), None);
    let wanted = Some("`sslcert=FILE` and `sslkey=FILE`");
    stage.check("with_cert", "localhost", "sslmode=require", wanted);
    let failed = Some("certificate authentication failed");
    stage.check("with_cert", "localhost", &of("hers"), failed);
    stage.check("with_cert", "localhost", &of("foreign"), Some("UnknownCA"));
    write("home/.postgresql/postgresql", "with_cert", &stage.authority);
    stage.check("with_cert", "localhost", "sslmode=require", None);
}

#[tokio::test]
async fn a_server_without_tls_is_told_with_the_way_out() {
    let Some(mut stage) = Stage::new(None).await else {
        return;
    };
    for mode in ["disable", "allow", "prefer"] {
        stage.check("postgres", "localhost", &format!("sslmode={mode}"), None);
    }
    let told = Some("the server has `ssl = off`");
    stage.check("postgres", "localhost", "sslmode=require", told);
    stage.check(
        "postgres",
        "localhost",
        "sslmode=verify-full&sslrootcert=ca.pem",
        told,
    );
    // There is no TLS on a socket, whatever the mode.
    let socket = stage.server.options();
    let folder = socket
        .get_socket()
        .expect("by its socket")
        .display()
        .to_string();
    let parameters = format!("host={folder}&sslmode=require");
    stage.check("postgres", "", &parameters, None);

    // Passwords come from where libpq has them.
    let refused = Some("password authentication failed");
    stage.check("with_password", "localhost", "", Some("with_password"));
    stage.repository.set("PGPASSWORD", "ge:heim");
    stage.check("with_password", "localhost", "", None);
    stage.repository.set("PGPASSWORD", "falsch");
    stage.check("with_password", "localhost", "", refused);
    stage.check("with_password:ge%3Aheim", "localhost", "", None);
    stage.check("with_password", "localhost", "password=ge:heim", None);
}

#[tokio::test]
async fn a_password_comes_from_the_file_of_passwords() {
    let Some(mut stage) = Stage::new(None).await else {
        return;
    };
    let port = stage.server.network().get_port();
    stage.repository.write(
        "passwords",
        format!("# mine\nelsewhere:*:*:*:falsch\nlocalhost:{port}:*:with_password:ge\\:heim\n"),
    );
    let path = stage.repository.root().join("passwords");
    private(&path);
    stage.check("with_password", "localhost", "", Some("with_password"));
    stage.repository.set("PGPASSFILE", path.as_str());
    stage.check("with_password", "localhost", "", None);
}
