//! PostgreSQL servers for tests.

use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use schema_core::catalog::Catalog;
use schema_core::ident::Ident;
use schema_core::introspect::{Scope, introspect};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

/// Where the server is; a server of the machine when not set.
const SERVER_URL: &str = "TEST_DATABASE_URL";

/// A database of its own, dropped at the end.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
}

impl TestDatabase {
    /// An empty database.
    pub async fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let database = Ident::new(name.as_str());
        let mut maintenance = connect(server()).await;
        let create = format!("CREATE DATABASE {database} TEMPLATE template0");
        execute(&mut maintenance, &create).await;
        Self { name }
    }

    /// An empty database in which `sql` has run.
    pub async fn with(sql: &str) -> Self {
        let database = Self::new().await;
        database.run(sql).await;
        database
    }

    /// How to connect.
    pub fn options(&self) -> PgConnectOptions {
        server().clone().database(&self.name)
    }

    /// How to connect, as a URL.
    pub fn url(&self) -> String {
        self.options().to_url_lossy().to_string()
    }

    /// A connection.
    pub async fn connect(&self) -> PgConnection {
        connect(&self.options()).await
    }

    /// Runs statements as one simple query.
    pub async fn run(&self, sql: &str) {
        execute(&mut self.connect().await, sql).await;
    }

    /// The catalog of everything.
    pub async fn catalog(&self) -> Catalog {
        self.catalog_of(&Scope::default()).await
    }

    /// The catalog of a part.
    pub async fn catalog_of(&self, scope: &Scope) -> Catalog {
        let mut connection = self.connect().await;
        introspect(&mut connection, scope)
            .await
            .expect("the database can be introspected")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let drop_database = format!("DROP DATABASE {} WITH (FORCE)", Ident::new(&*self.name));
        // Drop is synchronous and may run within a runtime, so the work goes to another thread.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let mut maintenance = PgConnection::connect_with(server()).await?;
                sqlx::raw_sql(AssertSqlSafe(drop_database))
                    .execute(&mut maintenance)
                    .await?;
                Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
            })
        });
        if let Ok(Err(error)) = dropped.join() {
            eprintln!("database {} stays behind: {error}", self.name);
        }
    }
}

/// The server that all tests of this process use.
pub fn server() -> &'static PgConnectOptions {
    static SERVER: OnceLock<PgConnectOptions> = OnceLock::new();
    SERVER.get_or_init(|| {
        let url = std::env::var(SERVER_URL).expect("TEST_DATABASE_URL names a server");
        PgConnectOptions::from_str(&url).expect("TEST_DATABASE_URL is a URL")
    })
}

async fn connect(options: &PgConnectOptions) -> PgConnection {
    let mut connection = PgConnection::connect_with(options)
        .await
        .expect("the test server answers");
    execute(&mut connection, "SET client_min_messages = warning").await;
    connection
}

async fn execute(connection: &mut PgConnection, sql: &str) {
    let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await;
    if let Err(error) = result {
        panic!("{error}\n{sql}");
    }
}
