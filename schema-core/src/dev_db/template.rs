//! The data directory that every server of our own starts from, made once per engine.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use sqlx::{Connection as _, Executor as _};

use super::{
    archive::{self, Manifest},
    binaries::Engine,
    cache::{self, Cache},
    cluster::{self, Process},
    error::DevDbError,
    run_dir::RunDir,
    spawn::{self, Identity},
};

/// What initdb and its copy need.
pub(super) const ROOM: u64 = 128 << 20;

/// The file of the engine's template, made if it is not there.
pub(super) async fn ensure(
    engine: &Engine,
    bin: &Path,
    cache: &Cache,
    run_dirs: &[PathBuf],
) -> Result<PathBuf, DevDbError> {
    let path = cache.template(engine);
    if archive::manifest(&path).is_ok() {
        return Ok(path);
    }
    let _alone = cache
        .lock(&format!("template-{}", engine.key))
        .await
        .map_err(DevDbError::io("cannot lock the cache"))?;
    if archive::manifest(&path).is_err() {
        make(engine, bin, cache, run_dirs, &path).await?;
    }
    Ok(path)
}

async fn make(
    engine: &Engine,
    bin: &Path,
    cache: &Cache,
    run_dirs: &[PathBuf],
    path: &Path,
) -> Result<(), DevDbError> {
    let identity = Identity::of_process(bin);
    let dir = RunDir::create(run_dirs, ROOM, identity)?;
    initdb(engine, bin, &dir, identity)?;

    // Two of initdb's three databases are enough: one to work in, one to copy from.
    let process = Process::start(engine, bin, &dir, identity)?;
    let mut connection = {
        process.ready(&dir).await?;
        cluster::connect(&cluster::options(dir.path(), "postgres")).await?
    };
    let manage = |source| DevDbError::Manage {
        doing: "prepare",
        database: "template1".to_owned(),
        source,
    };
    connection
        .execute("ALTER DATABASE template1 IS_TEMPLATE false")
        .await
        .map_err(manage)?;
    connection
        .execute("DROP DATABASE template1")
        .await
        .map_err(manage)?;
    let oid = "SELECT max(oid) FILTER (WHERE datname = 'postgres')::int8, \
               max(oid) FILTER (WHERE datname = 'template0')::int8 FROM pg_database";
    let (oid, empty_oid): (i64, i64) = sqlx::query_as(oid)
        .fetch_one(&mut connection)
        .await
        .map_err(manage)?;
    connection.close().await.map_err(manage)?;
    process.stop(rustix::process::Signal::INT);

    let number = |oid: i64| u32::try_from(oid).expect("an oid has 32 bits");
    let manifest = Manifest::new("postgres", number(oid), number(empty_oid));
    let keep = || {
        let mut file = cache::half(path)?;
        archive::pack(&dir.data(), manifest, file.as_file_mut())?;
        cache.finish(file, path)
    };
    keep().map_err(DevDbError::io(
        "cannot keep the template of the dev database",
    ))
}

fn initdb(engine: &Engine, bin: &Path, dir: &RunDir, identity: Identity) -> Result<(), DevDbError> {
    let run = |locale: &[&str]| -> Result<(), String> {
        let mut command = spawn::command(&bin.join("initdb"));
        command
            .arg("-D")
            .arg(dir.data())
            .args(["-U", "postgres", "-E", "UTF8", "-A", "trust"])
            .args(["--no-sync", "--no-instructions", "--wal-segsize=1"])
            .args(locale)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let output = spawn::spawn(command, identity)
            .and_then(std::process::Child::wait_with_output)
            .map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(());
        }
        let mut message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        if message.is_empty() {
            let _ = write!(message, "{}", output.status);
        }
        Err(message)
    };
    // Characters are classified as UTF-8 and sorted by their bytes, alike on every machine.
    let result = if engine.major >= 17 {
        run(&[
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ])
    } else {
        // Not every system has this locale; initdb cleans up after it refused.
        run(&["--locale=C", "--lc-ctype=C.UTF-8"]).or_else(|message| {
            if message.contains("invalid locale name") {
                run(&["--locale=C"])
            } else {
                Err(message)
            }
        })
    };
    result.map_err(|message| DevDbError::Initdb {
        version: engine.version.clone(),
        message: cluster::last_lines(&message),
    })
}
