//! What goes wrong: damaged caches, missing binaries, full and unusable directories.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use schema_core::dev_db::{
    Cache, DevDbError, DevServer, Engine, ItemKind, MissingExtension, Source,
};

use super::{Place, TABLES, ask, run};

#[tokio::test]
async fn damaged_files_of_the_cache_are_made_again() {
    let place = Place::new();
    let server = place.open().await;
    let scratch = server.scratch().await.unwrap();
    run(&scratch, "CREATE TABLE a ()").await;
    let template = place.kept(ItemKind::Template).remove(0);
    let whole = fs_err::read(&template).unwrap();
    let mut zeros = whole.clone();
    zeros[whole.len() / 2..].fill(0);
    let damages = [
        &whole[..whole.len() / 2],
        &whole[..700],
        &zeros,
        b"",
        b"something else",
    ];
    for damage in damages {
        assert!(server.store(&scratch, "state").await.unwrap());
        for file in [&template, &place.kept(ItemKind::State)[0]] {
            fs_err::write(file, damage).unwrap();
        }
        let server = place.open().await;
        assert!(server.restore("state").await.unwrap().is_none());
        assert_eq!(place.kept(ItemKind::State), Vec::<PathBuf>::new());
        let scratch = server.scratch().await.unwrap();
        assert_eq!(ask(&scratch, TABLES).await, "none");
        assert_eq!(ask(&server.scratch().await.unwrap(), TABLES).await, "none");
    }
}

#[test]
fn damaged_or_foreign_entries_are_misses() {
    let place = Place::new();
    let cache = Cache::new(place.cache.path()).for_engine("15.1");
    let value = vec!["one".to_owned(), "two".to_owned()];
    let get = |cache: &Cache| cache.get::<Vec<String>>("catalog", "key");
    assert_eq!(get(&cache), None);
    cache.put("catalog", "key", &value).unwrap();
    assert_eq!(get(&cache), Some(value.clone()));
    assert_eq!(
        get(&Cache::new(place.cache.path()).for_engine("16.1")),
        None
    );
    assert_eq!(cache.get::<Vec<String>>("catalog", "another key"), None);
    assert_eq!(cache.get::<Vec<u8>>("catalog", "key"), None, "another type");

    let file = place.kept(ItemKind::Entry).remove(0);
    let whole = fs_err::read_to_string(&file).unwrap();
    for damage in [
        &whole[..whole.len() - 3],
        "",
        "{}",
        &whole.replace("\"format\":2", "\"format\":1"),
        &whole.replace("15.1", "15.2"),
    ] {
        fs_err::write(&file, damage).unwrap();
        assert_eq!(get(&cache), None, "{damage}");
    }
    cache.put("catalog", "key", &value).unwrap();
    assert_eq!(get(&cache), Some(value));
}

#[test]
fn the_cache_is_bounded_shown_and_cleared() {
    let place = Place::new();
    let cache = Cache::new(place.cache.path());
    for number in 0..300 {
        cache.put("catalog", &number.to_string(), &number).unwrap();
    }
    assert_eq!(place.kept(ItemKind::Entry).len(), 256);
    assert_eq!(cache.get::<u32>("catalog", "299"), Some(299));
    assert_eq!(cache.get::<u32>("catalog", "0"), None);
    let bytes: u64 = cache
        .inventory(&[])
        .items
        .iter()
        .map(|item| item.bytes)
        .sum();
    assert!(bytes > 256 * 40);
    assert_eq!(cache.clear(&[ItemKind::Template]).unwrap(), 0);
    assert_eq!(cache.clear(&ItemKind::ALL).unwrap(), bytes);
    assert_eq!(cache.inventory(&[]).items, []);
}

#[tokio::test]
async fn missing_binaries_are_told_with_the_ways_out() {
    let place = Place::new();
    let mut options = place.options();
    options.major = Some(9);
    let error = DevServer::open(&options).await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("no PostgreSQL 9 binaries found; found "),
        "{text}"
    );
    assert!(
        error.remedies()[0].contains("install"),
        "{:?}",
        error.remedies()
    );

    options.major = None;
    options.search_path = Vec::new();
    let error = DevServer::open(&options).await.unwrap_err();
    assert_eq!(error.to_string(), "no PostgreSQL binaries found");
    let remedies = error.remedies().join("\n");
    for way in [
        "install a server",
        "cargo migrate dev install 18",
        "--dev-url",
    ] {
        assert!(remedies.contains(way), "{remedies}");
    }
}

#[tokio::test]
async fn binaries_that_fail_show_their_own_message() {
    let place = Place::new();
    let bin = place.run.path().join("bin");
    fs_err::create_dir(&bin).unwrap();
    let mut options = place.options();
    options.major = None;
    options.run_dirs = vec![PathBuf::from("/tmp")];
    options.source = Source::Bin(bin.clone());
    let open = async || {
        let server = DevServer::open(&options).await?;
        server.scratch().await.map(drop)
    };
    let script = |name: &str, content: &str| {
        let file = bin.join(name);
        fs_err::write(&file, format!("#!/bin/sh\n{content}\n")).unwrap();
        fs_err::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    let check = |error: DevDbError, wanted: &str| {
        assert!(error.to_string().contains(wanted), "{error}");
        assert!(!error.remedies().is_empty());
    };
    check(
        open().await.unwrap_err(),
        "postgres and initdb are not both there",
    );
    script("initdb", "echo 'initdb: error: no such luck' >&2; exit 1");
    script("postgres", "echo 'Segmentation fault' >&2; exit 139");
    check(open().await.unwrap_err(), "Segmentation fault");
    script("postgres", "echo 'mysqld 8'");
    check(
        open().await.unwrap_err(),
        "postgres --version says `mysqld 8`",
    );
    script(
        "postgres",
        "test \"$1\" = --version || { echo 'FATAL:  out of luck' >&2; exit 1; }; echo 'postgres (PostgreSQL) 16.0'",
    );
    check(
        open().await.unwrap_err(),
        "initdb of PostgreSQL 16.0 failed: initdb: error: no such luck",
    );
    script("initdb", "mkdir \"$2\"");
    check(open().await.unwrap_err(), "FATAL:  out of luck");
    options.major = Some(17);
    let error = DevServer::open(&options).await.unwrap_err();
    check(error, "is PostgreSQL 16.0, but 17 is configured");
}

#[tokio::test]
async fn a_server_goes_where_it_can() {
    let place = Place::new();
    let mut options = place.options();
    let long = place
        .run
        .path()
        .join("a-directory-name-that-makes-the-path-of-a-socket-too-long-for-the-system");
    fs_err::create_dir(&long).unwrap();
    let bad = vec![PathBuf::from("/no/such/place"), long];
    options.run_dirs = bad.iter().cloned().chain(options.run_dirs).collect();
    let scratch = DevServer::open(&options)
        .await
        .unwrap()
        .scratch()
        .await
        .unwrap();
    assert_eq!(ask(&scratch, TABLES).await, "none");
    drop(scratch);

    options.run_dirs = bad;
    let error = DevServer::open(&options)
        .await
        .unwrap()
        .scratch()
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(text.contains("/no/such/place: No such file"), "{text}");
    assert!(text.contains("too long for a unix socket"), "{text}");
}

#[tokio::test]
async fn a_server_of_the_users_that_is_not_there_is_told() {
    let place = Place::new();
    let mut options = place.options();
    options.source = Source::Url("postgres://me:secret@127.0.0.1:1/mine".to_owned());
    let error = DevServer::open(&options).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot connect to the dev database mine at 127.0.0.1:1"
    );
    assert!(!format!("{:?}", error.remedies()).contains("secret"));
    options.source = Source::Url("mysql://localhost".to_owned());
    assert!(DevServer::open(&options).await.is_err());
}

fn missing(error: &sqlx::Error, engine: &Engine) -> Option<MissingExtension> {
    let error = error.as_database_error()?;
    MissingExtension::new(error.code().as_deref(), error.message(), engine)
}

#[tokio::test]
async fn a_missing_extension_is_named_with_its_package() {
    let place = Place::new();
    let server = place.open().await;
    let scratch = server.scratch().await.unwrap();
    let mut connection = scratch.connect().await.unwrap();
    let error = sqlx::raw_sql("CREATE EXTENSION no_such_extension")
        .execute(&mut connection)
        .await;
    let extension = missing(&error.unwrap_err(), server.engine()).unwrap();
    assert_eq!(extension.name, "no_such_extension");
    assert!(
        extension.to_string().contains(&server.engine().version),
        "{extension}"
    );
    assert!(
        extension.remedy().contains("--dev-url"),
        "{}",
        extension.remedy()
    );
    let error = sqlx::raw_sql("SELECT 1 / 0")
        .execute(&mut connection)
        .await
        .unwrap_err();
    assert_eq!(missing(&error, server.engine()), None);
}

/// A file system of so many megabytes, for as long as this lives; `None` without the right to mount.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new(megabytes: u32) -> Option<Self> {
        let dir = tempfile::tempdir_in("/tmp").unwrap();
        let mut mount = Command::new("mount");
        mount.args([
            "-t",
            "tmpfs",
            "-o",
            &format!("size={megabytes}m,mode=755"),
            "tmpfs",
        ]);
        let output = mount.arg(dir.path()).output().ok()?;
        output.status.success().then_some(Self(dir))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_half_written_stays() {
    let place = Place::new();
    let Some(disk) = SmallDisk::new(40) else {
        println!("skipped: file systems cannot be mounted here");
        return;
    };
    // No room for a server: the next place serves.
    let mut options = place.options();
    options.run_dirs.insert(0, disk.path().to_owned());
    let server = DevServer::open(&options).await.unwrap();
    let scratch = server.scratch().await.unwrap();
    assert!(
        scratch
            .options()
            .get_socket()
            .unwrap()
            .starts_with(place.run.path())
    );
    options.run_dirs = vec![disk.path().to_owned()];
    let error = DevServer::open(&options)
        .await
        .unwrap()
        .scratch()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("40 MB free, "), "{error}");

    // Room for a template, but not for a state beside it; then not even for a template.
    let mut options = place.options();
    options.cache_dir = disk.path().join("cache");
    let files = |dir: &str| -> Vec<_> {
        let entries = fs_err::read_dir(options.cache_dir.join(dir))
            .into_iter()
            .flatten();
        entries.map(|entry| entry.unwrap().file_name()).collect()
    };
    let server = DevServer::open(&options).await.unwrap();
    let scratch = server.scratch().await.unwrap();
    let full = |error: DevDbError| {
        let source = std::error::Error::source(&error).expect("the system's own message");
        assert!(
            source.to_string().contains("No space left on device"),
            "{error}: {source}"
        );
        assert!(error.remedies()[0].contains("free some space"), "{error}");
    };
    let template: u64 = Cache::new(&options.cache_dir)
        .inventory(&[])
        .items
        .iter()
        .map(|item| item.bytes)
        .sum();
    let occupy = |megabytes| {
        let ballast = vec![0; usize::try_from(megabytes << 20).unwrap()];
        fs_err::write(disk.path().join("ballast"), ballast).unwrap();
    };
    occupy(36 - (template >> 20));
    full(server.store(&scratch, "state").await.unwrap_err());
    assert_eq!(files("snapshots"), [] as [&str; 0]);
    assert_eq!(ask(&scratch, TABLES).await, "none");

    fs_err::remove_dir_all(&options.cache_dir).unwrap();
    occupy(34);
    let server = DevServer::open(&options).await.unwrap();
    full(server.scratch().await.unwrap_err());
    assert_eq!(files("templates"), [] as [&str; 0]);
}
